package sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.aeon.test.AeonBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** A broker without the extension. */
class ExactlyOnceTest {
    @Test
    void whatIsAbortedIsNotRead() {
        try (AeonBroker broker = AeonBroker.builder().topic("payments", 1).start()) {
            Map<String, Object> producing = Map.of(
                    "bootstrap.servers", broker.bootstrapServers(), "transactional.id", "till", "compression.type", "zstd");
            try (var producer = new KafkaProducer<>(producing, new StringSerializer(), new StringSerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("payments", "aborted"));
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("payments", "committed"));
                producer.commitTransaction();
            }
            assertEquals(List.of("committed"), read(broker));
        }
    }

    private static List<String> read(AeonBroker broker) {
        Map<String, Object> consuming = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "group.id", "books",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed");
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(consuming, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("payments"));
            while (values.isEmpty()) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
