package io.aeon.benchmarks.acceptance;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's own producer, which makes transactions of version 2 with a broker that offers them. */
final class NewestClient implements TransactionalClient {
    private static final int PATIENCE_MILLIS = 600_000;

    private final Producer<String, String> producer;

    /** @param requestMillis after which it gives an unanswered request up and sends it again over a new connection */
    NewestClient(int port, String id, int timeoutMillis, int requestMillis) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", "127.0.0.1:" + port,
                "transactional.id", id,
                "transaction.timeout.ms", timeoutMillis,
                "request.timeout.ms", requestMillis,
                "delivery.timeout.ms", PATIENCE_MILLIS,
                "max.block.ms", PATIENCE_MILLIS);
        producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
    }

    @Override
    public void begin() {
        producer.beginTransaction();
    }

    @Override
    public void write(String topic, String value) throws Exception {
        producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
    }

    @Override
    public void commit() {
        producer.commitTransaction();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
