package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
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

/** Records at a steady rate, the partitions in turn, and a consumer of all of them: how long each was on its way. */
final class SteadyLoad {
    private static final int VALUE_BYTES = 100;
    private static final int STEP_MILLIS = 10;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final int POLL_MILLIS = 100;

    private final String bootstrap;
    private final List<TopicPartition> partitions;
    private final int recordsPerStep;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final List<Long> nanos = new ArrayList<>();
    private volatile boolean stopped;

    SteadyLoad(String bootstrap, List<TopicPartition> partitions, int recordsPerSecond) {
        this.bootstrap = bootstrap;
        this.partitions = partitions;
        this.recordsPerStep = Math.max(1, recordsPerSecond * STEP_MILLIS / 1000);
    }

    /** Runs for so long after a warm-up; what the consumer saw in that time. */
    Latencies run(Duration time) throws Exception {
        Thread writer = new Thread(this::write, "steady-writer");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            writer.start();
            long from = System.nanoTime() + WARM_UP.toNanos();
            long to = from + time.toNanos();
            while (System.nanoTime() < to) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(POLL_MILLIS))) {
                    long now = System.nanoTime();
                    if (now >= from) {
                        nanos.add(now - ByteBuffer.wrap(record.value()).getLong());
                    }
                }
            }
        } finally {
            stopped = true;
            writer.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        return new Latencies(nanos);
    }

    private void write() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            int next = 0;
            while (!stopped) {
                for (int i = 0; i < recordsPerStep; i++) {
                    TopicPartition partition = partitions.get(next++ % partitions.size());
                    byte[] value = ByteBuffer.allocate(VALUE_BYTES)
                            .putLong(System.nanoTime())
                            .array();
                    producer.send(
                            new ProducerRecord<>(partition.topic(), partition.partition(), null, value),
                            (metadata, exception) -> failure.compareAndSet(null, exception));
                }
                BrokerProcess.pause(STEP_MILLIS);
            }
        }
    }

    /** How long records were on their way, from the producer to the consumer. */
    static final class Latencies {
        private final List<Long> sorted;

        private Latencies(List<Long> nanos) {
            sorted = nanos.stream().sorted().toList();
        }

        int count() {
            return sorted.size();
        }

        double millis(double quantile) {
            return sorted.isEmpty() ? Double.NaN : sorted.get((int) (quantile * (sorted.size() - 1))) / 1e6;
        }
    }
}
