package sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeon.test.junit.AeonTest;
import io.aeon.test.junit.OwnTopic;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

@AeonTest(topics = "orders", partitions = 3)
class OrdersTest {
    @Test
    void theTopicIsThere(Admin admin, Consumer<String, String> consumer) throws Exception {
        assertTrue(admin.listTopics().names().get().contains("orders"));
        assertEquals(3, consumer.partitionsFor("orders").size());
    }

    @Test
    void anOrderIsReadByAGroup(
            @OwnTopic String topic, Producer<String, String> producer, Consumer<String, String> consumer)
            throws Exception {
        producer.send(new ProducerRecord<>(topic, "17", "three apples")).get();

        consumer.subscribe(List.of(topic));
        ConsumerRecord<String, String> order = first(consumer);

        assertEquals("17", order.key());
        assertEquals("three apples", order.value());
    }

    private static ConsumerRecord<String, String> first(Consumer<String, String> consumer) {
        while (true) {
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
            if (!records.isEmpty()) {
                return records.iterator().next();
            }
        }
    }
}
