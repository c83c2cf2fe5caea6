package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A producer that retries nothing and a consumer of what it writes: any trouble of theirs shows. */
final class GoodClient implements AutoCloseable {
    private static final int EVERY_MILLIS = 2;
    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(20);

    private final TopicPartition partition;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Thread writer = new Thread(this::write, "good-writer");
    private final Thread reader;
    private volatile boolean stopped;
    private volatile long sent;
    private volatile long received;
    private volatile long slowestNanos;

    GoodClient(String bootstrap, String topic) {
        partition = new TopicPartition(topic, 0);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "retries", 0, "enable.idempotence", false),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        reader = new Thread(() -> read(consumer), "good-reader");
        writer.start();
        reader.start();
    }

    private void write() {
        while (!stopped) {
            long number = sent;
            long begun = System.nanoTime();
            producer.send(
                    new ProducerRecord<>(partition.topic(), 0, null, Numbered.value(number)), (metadata, exception) -> {
                        failure.compareAndSet(null, exception);
                        slowestNanos = Math.max(slowestNanos, System.nanoTime() - begun);
                    });
            sent = number + 1;
            BrokerProcess.pause(EVERY_MILLIS);
        }
        producer.flush();
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer) {
        try (consumer) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            long stoppedAt = 0;
            while (stoppedAt == 0 || received < sent && System.nanoTime() - stoppedAt < CATCH_UP_LIMIT.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (Numbered.of(record.value()) != received) {
                        throw new IllegalStateException("out of order at " + record.offset());
                    }
                    received++;
                }
                stoppedAt = stopped && stoppedAt == 0 ? System.nanoTime() : stoppedAt;
            }
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    /** The first thing that went wrong, or null. */
    Exception failure() {
        return failure.get();
    }

    long sent() {
        return sent;
    }

    long received() {
        return received;
    }

    long slowestMillis() {
        return slowestNanos / 1_000_000;
    }

    /** How often the producer lost a connection. */
    double connectionsClosed() {
        return producer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("connection-close-total")
                        && metric.metricName().group().equals("producer-metrics"))
                .mapToDouble(metric -> (Double) metric.metricValue())
                .sum();
    }

    /** Returns when the consumer has everything, or has tried for long enough. */
    void finish() throws InterruptedException {
        stopped = true;
        writer.join();
        reader.join();
    }

    @Override
    public void close() {
        stopped = true;
        producer.close();
    }
}
