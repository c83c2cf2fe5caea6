package io.aeon.benchmarks.acceptance;

import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Leaves a transaction open and dies. Arguments: bootstrap, topic of two partitions, transactional id. Its records
 * carry an old time, so that who looks for hanging transactions looks at this one.
 */
final class OpenTransaction {
    private static final int TIMEOUT_MILLIS = 900_000;
    private static final long OLD = 1_000_000_000_000L;

    private OpenTransaction() {}

    public static void main(String[] args) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", args[0], "transactional.id", args[2], "transaction.timeout.ms", TIMEOUT_MILLIS);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int partition = 0; partition < 2; partition++) {
                Future<RecordMetadata> written =
                        producer.send(new ProducerRecord<>(args[1], partition, OLD, null, args[2]));
                written.get();
            }
            Runtime.getRuntime().halt(0);
        }
    }
}
