package sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.context.EmbeddedKafka;

@SpringBootTest
@EmbeddedKafka(topics = "${sample.topic:orders}", partitions = 3, bootstrapServersProperty = "spring.kafka.bootstrap-servers")
class ShopTest {
    @Autowired
    private Shop shop;

    @Autowired
    private KafkaTemplate<String, String> kafka;

    @Autowired
    private EmbeddedKafkaBroker broker;

    @Value("${spring.embedded.kafka.brokers}")
    private String servers;

    @Test
    void anOrderIsTaken() throws Exception {
        kafka.send("orders", "three apples").get(1, TimeUnit.MINUTES);

        assertEquals("three apples", shop.orders().poll(1, TimeUnit.MINUTES));
    }

    @Test
    void theBrokerIsABean() {
        assertEquals(servers, broker.getBrokersAsString());
        assertEquals(3, broker.getPartitionsPerTopic());
        assertTrue(broker.getTopics().contains("orders"));
    }
}
