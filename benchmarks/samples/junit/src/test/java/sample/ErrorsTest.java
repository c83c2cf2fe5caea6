package sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.aeon.control.InjectedFault;
import io.aeon.test.AeonBroker;
import io.aeon.test.junit.AeonTest;
import io.aeon.test.junit.OwnTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What goes wrong is decided by the test. */
@AeonTest
class ErrorsTest {
    @Test
    void anOrderSurvivesALostAnswer(AeonBroker broker, @OwnTopic String topic) throws Exception {
        try (var producer = producer(broker);
                InjectedFault lost = broker.control()
                        .requests("Produce")
                        .topic(topic)
                        .times(1)
                        .failReply("NOT_LEADER_OR_FOLLOWER")) {
            producer.send(new ProducerRecord<>(topic, "three apples")).get();
            producer.send(new ProducerRecord<>(topic, "two pears")).get();

            assertEquals(1, lost.hits());
        }
        assertEquals(List.of("three apples", "two pears"), read(broker, topic, 2));
    }

    @Test
    void ordersSurviveAPowerCut() throws Exception {
        try (AeonBroker broker = AeonBroker.builder()
                        .set("aeon.log.flush", "sync")
                        .topic("orders", 1)
                        .start();
                var producer = producer(broker)) {
            producer.send(new ProducerRecord<>("orders", "three apples")).get();

            broker.control().cutPower();
            broker.control().restart();

            producer.send(new ProducerRecord<>("orders", "two pears")).get();
            assertEquals(List.of("three apples", "two pears"), read(broker, "orders", 2));
        }
    }

    private static KafkaProducer<String, String> producer(AeonBroker broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "enable.idempotence", true),
                new StringSerializer(),
                new StringSerializer());
    }

    private static List<String> read(AeonBroker broker, String topic, int count) {
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (values.size() < count) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
