package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Transactions over all partitions of a topic and the offset of a group, most of them committed and every fourth
 * aborted. With isolation level read_committed each record of a committed transaction is there once, and none of an
 * aborted one. Of a transaction whose commit the client gave up, there may be all records or none.
 */
final class TransactionalLoad implements ReplicatedLoad {
    private static final int RECORDS = 20;
    private static final int ABORTED_EVERY = 4;
    private static final String GROUP = "offsets-of-the-load";
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(30);

    private enum Fate {
        COMMITTED,
        ABORTED,
        UNKNOWN
    }

    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final int rate;
    private final ConsumerGroupMetadata group;
    private final List<Fate> fates = new ArrayList<>();
    private final Thread thread;
    private KafkaProducer<byte[], byte[]> producer;
    private volatile boolean stopped;
    private volatile long acknowledged;
    private volatile Exception failure;
    private int producers;
    private boolean broken;

    TransactionalLoad(String bootstrap, String topic, int partitions, int rate) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.partitions = partitions;
        this.rate = rate;
        try (KafkaConsumer<byte[], byte[]> member = consumer(Map.of("group.id", GROUP))) {
            group = member.groupMetadata();
        }
        thread = new Thread(this::run, "transactions");
        thread.start();
    }

    private void run() {
        try {
            open();
            long begun = System.nanoTime();
            while (!stopped) {
                Fate fate = transaction(fates.size());
                fates.add(fate);
                acknowledged += RECORDS;
                if (broken) {
                    open();
                }
                while (acknowledged > (System.nanoTime() - begun) * 1e-9 * rate && !stopped) {
                    BrokerProcess.pause(1);
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            close(producer);
        }
    }

    private static void close(KafkaProducer<byte[], byte[]> old) {
        if (old != null) {
            old.close(Duration.ZERO);
        }
    }

    /** A new producer with the same transactional id fences the former one, whose open transaction is aborted. */
    private void open() {
        close(producer);
        producers++;
        broken = false;
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("transactional.id", "load");
        settings.put("reconnect.backoff.max.ms", 100);
        settings.put("retry.backoff.max.ms", 100);
        settings.put("request.timeout.ms", 10_000);
        settings.put("max.block.ms", 120_000);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    private Fate transaction(int number) {
        boolean commits = number % ABORTED_EVERY != 0;
        try {
            producer.beginTransaction();
            for (int i = 0; i < RECORDS; i++) {
                long record = (long) number * RECORDS + i;
                producer.send(new ProducerRecord<>(topic, i % partitions, null, Numbered.value(record)));
            }
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(number)), group);
            producer.flush();
        } catch (KafkaException e) {
            System.out.println("      a transaction is aborted: " + e);
            return aborted(Fate.ABORTED);
        }
        return commits ? commit() : aborted(Fate.ABORTED);
    }

    private Fate commit() {
        while (true) {
            try {
                producer.commitTransaction();
                return Fate.COMMITTED;
            } catch (TimeoutException e) {
                System.out.println("      the commit is repeated: " + e);
            } catch (KafkaException e) {
                System.out.println("      a commit failed: " + e);
                return aborted(Fate.UNKNOWN);
            }
        }
    }

    private Fate aborted(Fate otherwise) {
        try {
            producer.abortTransaction();
            return Fate.ABORTED;
        } catch (KafkaException e) {
            System.out.println("      an abort failed: " + e);
            broken = true;
            return otherwise;
        }
    }

    @Override
    public long acknowledged() {
        return acknowledged;
    }

    @Override
    public Exception failure() {
        return failure;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long count(Fate fate) {
        return fates.stream().filter(each -> each == fate).count();
    }

    @Override
    public void check(Checks checks) {
        int[] counts = new int[fates.size() * RECORDS];
        long disorder = read(counts);
        long torn = 0;
        long wrong = 0;
        for (int number = 0; number < fates.size(); number++) {
            int first = number * RECORDS;
            long there = IntStream.range(first, first + RECORDS)
                    .filter(i -> counts[i] == 1)
                    .count();
            long none = IntStream.range(first, first + RECORDS)
                    .filter(i -> counts[i] == 0)
                    .count();
            torn += there < RECORDS && none < RECORDS ? 1 : 0;
            wrong += (fates.get(number) == Fate.COMMITTED && there < RECORDS)
                            || (fates.get(number) == Fate.ABORTED && none < RECORDS)
                    ? 1
                    : 0;
        }
        checks.that(
                wrong == 0,
                "%d transactions committed, %d aborted, %d of unknown end by %d producers; %d were read otherwise",
                count(Fate.COMMITTED),
                count(Fate.ABORTED),
                count(Fate.UNKNOWN),
                producers,
                wrong);
        checks.that(torn == 0, "%d transactions are there in part", torn);
        checks.that(disorder == 0, "%d records are not in their order", disorder);
        long offset = committedOffset();
        long last = fates.lastIndexOf(Fate.COMMITTED);
        checks.that(
                offset == last || (offset > last && fates.get((int) offset) == Fate.UNKNOWN),
                "the group's offset is %d, that of the last committed transaction %d",
                offset,
                last);
    }

    private long committedOffset() {
        try (Admin admin = Topics.admin(bootstrap)) {
            return admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(new TopicPartition(topic, 0))
                    .offset();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Counts the records by number; returns how many follow a later one in their partition. */
    private long read(int[] counts) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of("isolation.level", "read_committed"))) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long[] last = new long[partitions];
            long disorder = 0;
            long heard = System.nanoTime();
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(each -> consumer.position(each) < ends.get(each))
                    && System.nanoTime() - heard < SILENCE_LIMIT.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    heard = System.nanoTime();
                    long number = Numbered.of(record.value());
                    counts[(int) number]++;
                    disorder += number < last[record.partition()] ? 1 : 0;
                    last[record.partition()] = number;
                }
            }
            return disorder;
        }
    }
}
