package io.aeon.benchmarks.comparison;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One producer that sends by the clock, to the first of the partitions in turn, and consumers at the tail of all of
 * them. Latency counts from the moment a record was due, so a stall costs every record behind it; that of the first
 * seconds, when this JVM still loads classes, does not count. Arguments: bootstrap, topic, partitions, of these active,
 * consumers, records a second, seconds that do not count, seconds. Prints the 99.9th percentile in microseconds and the
 * number of all records delivered.
 */
final class PacedLoad {
    static final int RECORD_BYTES = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final int active;
    private final int consumers;
    private final long gapNanos;
    private final int warmUp;
    private final int records;

    private PacedLoad(String[] args) {
        bootstrap = args[0];
        topic = args[1];
        partitions = Integer.parseInt(args[2]);
        active = Integer.parseInt(args[3]);
        consumers = Integer.parseInt(args[4]);
        int perSecond = Integer.parseInt(args[5]);
        gapNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        warmUp = perSecond * Integer.parseInt(args[6]);
        records = warmUp + perSecond * Integer.parseInt(args[7]);
    }

    public static void main(String[] args) throws Exception {
        PacedLoad load = new PacedLoad(args);
        long[] nanos = load.run();
        Arrays.sort(nanos);
        System.out.println(nanos[(int) (nanos.length * 0.999)] / 1000.0 + " " + load.consumers * load.records);
    }

    private long[] run() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(consumers);
        List<KafkaConsumer<byte[], byte[]>> atTail = new ArrayList<>();
        try {
            List<Future<long[]>> reading = new ArrayList<>();
            for (int i = 0; i < consumers; i++) {
                KafkaConsumer<byte[], byte[]> consumer = atTail();
                atTail.add(consumer);
            }
            for (KafkaConsumer<byte[], byte[]> consumer : atTail) {
                Callable<long[]> read = () -> read(consumer);
                reading.add(threads.submit(read));
            }
            produce();
            long[] all = new long[0];
            for (Future<long[]> each : reading) {
                long[] nanos = each.get();
                all = Arrays.copyOf(all, all.length + nanos.length - warmUp);
                System.arraycopy(nanos, warmUp, all, all.length - nanos.length + warmUp, nanos.length - warmUp);
            }
            return all;
        } finally {
            threads.shutdown();
            atTail.forEach(KafkaConsumer::close);
        }
    }

    private void produce() {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", bootstrap, "acks", "1", "enable.idempotence", false, "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.partitionsFor(topic);
            long due = System.nanoTime();
            for (int i = 0; i < records; i++, due += gapNanos) {
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                byte[] value = ByteBuffer.allocate(RECORD_BYTES).putLong(due).array();
                producer.send(new ProducerRecord<>(topic, i % active, null, value));
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> atTail() {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(index -> new TopicPartition(topic, index))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
        return consumer;
    }

    private long[] read(KafkaConsumer<byte[], byte[]> consumer) {
        long[] nanos = new long[records];
        int count = 0;
        while (count < records) {
            var polled = consumer.poll(PATIENCE);
            if (polled.isEmpty()) {
                throw new IllegalStateException("only " + count + " of " + records + " records came");
            }
            long now = System.nanoTime();
            for (ConsumerRecord<byte[], byte[]> record : polled) {
                nanos[count++] = now - ByteBuffer.wrap(record.value()).getLong();
            }
        }
        return nanos;
    }
}
