package io.aeon.benchmarks.acceptance;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A group's member that only lives, and a reader of one record again and again: how long their broker lets them wait.
 */
final class Pulse implements AutoCloseable {
    private static final int HEARTBEAT_MILLIS = 100;
    private static final int SESSION_MILLIS = 6000;

    /**
     * Short, for a seek waits for the fetch under way at the partition's end, which would pass for a broker's stall.
     */
    private static final int FETCH_WAIT_MILLIS = 20;

    private final TopicPartition partition;
    private final Thread member;
    private final Thread reader;
    private final Waits heartbeats = new Waits();
    private final Waits reads = new Waits();
    private volatile int rebalances;
    private volatile boolean stopped;

    Pulse(String bootstrap, String topic) throws Exception {
        partition = new TopicPartition(topic, 0);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, null, new byte[100])).get();
        }
        member = new Thread(() -> live(consumer(bootstrap)), "member");
        reader = new Thread(() -> read(consumer(bootstrap)), "reader");
        member.start();
        reader.start();
        while (rebalances == 0 || reads.longest() == 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "group.id",
                        "pulse",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "latest",
                        "fetch.max.wait.ms",
                        FETCH_WAIT_MILLIS,
                        "heartbeat.interval.ms",
                        HEARTBEAT_MILLIS,
                        "session.timeout.ms",
                        SESSION_MILLIS),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private void live(KafkaConsumer<byte[], byte[]> consumer) {
        try (consumer) {
            consumer.subscribe(List.of(partition.topic()), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
                    rebalances++;
                }

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> revoked) {}
            });
            while (!stopped) {
                consumer.poll(Duration.ofMillis(20));
                heartbeats.add(heartbeatMillis(consumer));
            }
        }
    }

    /** The longest answer to a heartbeat in the last half minute, as the consumer knows it. */
    private static double heartbeatMillis(KafkaConsumer<?, ?> consumer) {
        return consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("heartbeat-response-time-max"))
                .mapToDouble(metric -> (double) metric.getValue().metricValue())
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer) {
        try (consumer) {
            consumer.assign(List.of(partition));
            while (!stopped) {
                long begun = System.nanoTime();
                consumer.seek(partition, 0);
                while (!stopped && consumer.poll(Duration.ofMillis(100)).isEmpty()) {
                    reads.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
                }
                reads.add(Math.max(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)));
            }
        }
    }

    /** Forgets the waits so far. */
    void reset() {
        heartbeats.clear();
        reads.clear();
    }

    long longestHeartbeatMillis() {
        return heartbeats.longest();
    }

    long longestReadMillis() {
        return reads.longest();
    }

    /** How often the group's member got its partitions. */
    int rebalances() {
        return rebalances;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            member.join();
            reader.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Waits {
        private double longest;

        synchronized void add(double millis) {
            longest = Math.max(longest, millis);
        }

        synchronized void clear() {
            longest = 0;
        }

        synchronized long longest() {
            return Math.round(longest);
        }
    }
}
