package io.aeon.benchmarks.comparison;

import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * End-to-end latency as Kafka's EndToEndLatency measures it, one record in flight, but in microseconds. Arguments:
 * bootstrap, topic, warm-up records, records, acks. Prints {@code p50 p99}.
 */
final class LatencyClient {
    private static final int RECORD_BYTES = 1024;

    private LatencyClient() {}

    /** What such a client has found, microseconds. */
    record Percentiles(double p50, double p99) {}

    /** Runs the client in a JVM of its own. */
    static Percentiles measure(String bootstrap, String topic, int warmUp, int records, String acks)
            throws IOException {
        List<String> arguments = List.of(bootstrap, topic, Integer.toString(warmUp), Integer.toString(records), acks);
        String[] figures = Program.run(
                        Home.program("programs", List.of("-Xmx256m"), LatencyClient.class.getName(), arguments))
                .trim()
                .split(" ");
        return new Percentiles(Double.parseDouble(figures[0]), Double.parseDouble(figures[1]));
    }

    public static void main(String[] args) throws Exception {
        String bootstrap = args[0];
        int warmUp = Integer.parseInt(args[2]);
        int count = Integer.parseInt(args[3]);
        TopicPartition partition = new TopicPartition(args[1], 0);
        byte[] value = new byte[RECORD_BYTES];
        new Random(1).nextBytes(value);
        long[] nanos = new long[count];
        try (var producer = new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                bootstrap,
                                "acks",
                                args[4],
                                "enable.idempotence",
                                false,
                                "linger.ms",
                                0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
                var consumer = new KafkaConsumer<>(
                        Map.<String, Object>of("bootstrap.servers", bootstrap, "enable.auto.commit", false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            consumer.position(partition);
            for (int i = -warmUp; i < count; i++) {
                long sent = System.nanoTime();
                producer.send(new ProducerRecord<>(partition.topic(), 0, null, value))
                        .get();
                int received = 0;
                while (received == 0) {
                    received = consumer.poll(Duration.ofSeconds(10)).count();
                }
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - sent;
                }
            }
        }
        Arrays.sort(nanos);
        System.out.println(nanos[count / 2] / 1000.0 + " " + nanos[(int) (count * 0.99)] / 1000.0);
    }
}
