package io.aeon.benchmarks.acceptance;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A producer of large records that retries nothing: the first refusal shows. */
final class Filler implements AutoCloseable {
    private static final int RECORD_BYTES = 256 << 10;

    private final KafkaProducer<byte[], byte[]> producer;
    private final ProducerRecord<byte[], byte[]> record;

    Filler(String bootstrap, String topic) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "retries", 0, "enable.idempotence", false),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        record = new ProducerRecord<>(topic, 0, null, new byte[RECORD_BYTES]);
    }

    void send(int records) throws ExecutionException, InterruptedException {
        for (int i = 0; i < records; i++) {
            producer.send(record).get();
        }
    }

    /** Sends until the broker refuses a record: why. */
    Exception untilRefused() {
        AtomicReference<Exception> refusal = new AtomicReference<>();
        while (refusal.get() == null) {
            producer.send(record, (metadata, exception) -> refusal.compareAndSet(null, exception));
        }
        return refusal.get();
    }

    @Override
    public void close() {
        producer.close();
    }
}
