package io.aeon.benchmarks.boards;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Clients that count what they do: one produces a record with each request, one produces records that are too large,
 * and a group reads and commits.
 */
final class KnownLoad implements AutoCloseable {
    static final String GROUP = "reader";
    static final int LARGEST_BYTES = 10_000;

    private static final int RECORDS_A_SECOND = 200;
    private static final int REFUSED_A_SECOND = 20;
    private static final int VALUE_BYTES = 1_000;
    private static final Duration POLL = Duration.ofMillis(50);

    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final AtomicLong produced = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final List<Thread> producers;
    private final Thread consumer;
    private volatile boolean stopped;
    private volatile boolean allProduced;

    /** What the clients have done since they began. */
    record Done(long produced, long refused, long committed) {
        Done since(Done before) {
            return new Done(produced - before.produced, refused - before.refused, committed - before.committed);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    KnownLoad(String bootstrap, String topic, int partitions) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.partitions = partitions;
        this.producers =
                List.of(thread("known-producer", this::produce), thread("known-refused", this::produceTooMuch));
        this.consumer = thread("known-consumer", this::consume);
        producers.forEach(Thread::start);
        consumer.start();
    }

    Done done() {
        return new Done(produced.get(), refused.get(), committed.get());
    }

    private Thread thread(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        failure.compareAndSet(null, e);
                    }
                },
                name);
        thread.setDaemon(true);
        return thread;
    }

    private void produce() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            atRate(RECORDS_A_SECOND, number -> {
                int partition = (int) (number % partitions);
                producer.send(new ProducerRecord<>(topic, partition, null, new byte[VALUE_BYTES]))
                        .get();
                produced.incrementAndGet();
            });
        }
    }

    private void produceTooMuch() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            atRate(REFUSED_A_SECOND, number -> {
                try {
                    producer.send(new ProducerRecord<>(topic, 0, null, new byte[2 * LARGEST_BYTES]))
                            .get();
                    throw new IllegalStateException("a record of " + 2 * LARGEST_BYTES + " bytes was taken");
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof RecordTooLargeException)) {
                        throw e;
                    }
                    refused.incrementAndGet();
                }
            });
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", 0, "enable.idempotence", false),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private interface Step {
        void run(long number) throws Exception;
    }

    /** Each step begins when it is due, or when the one before is over. */
    private void atRate(int aSecond, Step step) throws Exception {
        long begun = System.nanoTime();
        for (long number = 0; !stopped; number++) {
            long due = begun + TimeUnit.SECONDS.toNanos(number) / aSecond;
            long early = due - System.nanoTime();
            if (early > 0) {
                TimeUnit.NANOSECONDS.sleep(early);
            }
            step.run(number);
        }
    }

    private void consume() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "group.id",
                        GROUP,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (!allProduced || committed.get() < produced.get()) {
                int read = consumer.poll(POLL).count();
                if (read > 0) {
                    consumer.commitSync();
                    committed.addAndGet(read);
                }
            }
        }
    }

    /** What has ended one of the clients, null if all work. */
    Exception failure() {
        return failure.get();
    }

    /** Returns when all that was produced is read and committed, or a client has failed. */
    @Override
    public void close() {
        stopped = true;
        producers.forEach(KnownLoad::awaitEnd);
        allProduced = true;
        awaitEnd(consumer);
    }

    private static void awaitEnd(Thread thread) {
        while (thread.isAlive()) {
            BrokerProcess.pause(10);
        }
    }
}
