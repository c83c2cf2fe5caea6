package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.PatientWaits;
import io.aeon.embedded.Aeon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's own clients of one broker, as a program creates them. */
final class Clients {
    static final Duration PATIENCE = PatientWaits.LIMIT;

    private final Supplier<String> servers;

    Clients(Aeon broker) {
        this(broker.bootstrapServers());
    }

    Clients(String servers) {
        this(() -> servers);
    }

    /** @param servers asked each time a client is created */
    Clients(Supplier<String> servers) {
        this.servers = servers;
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", servers.get()));
    }

    Producer<String, String> producer(Map<String, Object> settings) {
        return new KafkaProducer<>(with(settings), new StringSerializer(), new StringSerializer());
    }

    /** Reads from the beginning what nobody has committed. */
    Consumer<String, String> consumer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of("auto.offset.reset", "earliest"));
        all.putAll(settings);
        return new KafkaConsumer<>(with(all), new StringDeserializer(), new StringDeserializer());
    }

    /** Creates a topic with one replica. */
    void create(String topic, int partitions, Map<String, String> settings) {
        try (Admin admin = admin()) {
            done(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                    .all());
        }
    }

    /** Sends {@code values} to partition 0 and returns the broker's answer for the last one. */
    RecordMetadata send(String topic, List<String> values, Map<String, Object> settings) {
        try (var producer = producer(settings)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            values.forEach(value -> sent.add(producer.send(new ProducerRecord<>(topic, 0, null, value))));
            for (Future<RecordMetadata> each : sent) {
                each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            return sent.get(sent.size() - 1).get();
        } catch (Exception e) {
            throw new AssertionError("sending failed", e);
        }
    }

    /** Sends so many records, each with a key and a value of its own, to all partitions. */
    void sendWithKeys(String topic, int records) {
        try (var producer = producer(Map.of())) {
            for (int i = 0; i < records; i++) {
                var unused = producer.send(new ProducerRecord<>(topic, "key " + i, "value " + i));
            }
        }
    }

    /** The first {@code count} records of partition 0 from {@code offset} on. */
    List<ConsumerRecord<String, String>> read(String topic, long offset, int count) {
        try (var consumer = consumer(Map.of())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            return poll(consumer, count);
        }
    }

    /** Polls until {@code count} records have arrived. */
    static List<ConsumerRecord<String, String>> poll(Consumer<String, String> consumer, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (records.size() < count && System.nanoTime() < deadline) {
            consumer.poll(Duration.ofMillis(50)).forEach(records::add);
        }
        assertThat(records).hasSizeGreaterThanOrEqualTo(count);
        return records;
    }

    static List<String> values(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).toList();
    }

    /** The future's result; fails the test with the cause of its failure. */
    static <T> T done(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Map<String, Object> with(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of("bootstrap.servers", servers.get()));
        all.putAll(settings);
        return all;
    }
}
