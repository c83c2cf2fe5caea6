package sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.ActorSystem;
import akka.kafka.ConsumerSettings;
import akka.kafka.Subscriptions;
import akka.kafka.javadsl.Consumer;
import akka.stream.javadsl.Sink;
import io.aeon.test.junit.AeonTest;
import io.aeon.test.junit.BootstrapServers;
import io.aeon.test.junit.OwnTopic;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

@AeonTest
class OrdersTest {
    @Test
    void aStreamReadsTheOrders(
            @BootstrapServers String servers, @OwnTopic String topic, Producer<String, String> producer)
            throws Exception {
        producer.send(new ProducerRecord<>(topic, "three apples")).get();
        producer.send(new ProducerRecord<>(topic, "two pears")).get();

        ActorSystem system = ActorSystem.create("orders");
        try {
            ConsumerSettings<String, String> settings = ConsumerSettings.create(
                            system, new StringDeserializer(), new StringDeserializer())
                    .withBootstrapServers(servers)
                    .withGroupId("shop")
                    .withProperty("auto.offset.reset", "earliest");
            CompletionStage<List<String>> orders = Consumer.plainSource(settings, Subscriptions.topics(topic))
                    .map(record -> record.value())
                    .take(2)
                    .runWith(Sink.seq(), system);

            assertEquals(List.of("three apples", "two pears"), orders.toCompletableFuture().get(1, TimeUnit.MINUTES));
        } finally {
            system.terminate();
        }
    }
}
