package io.aeon.benchmarks.comparison;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One producer that makes one transaction after the other, each over all partitions. A commit's time begins when all
 * records of its transaction are acknowledged. Arguments: bootstrap, topic, partitions, warm-up transactions,
 * transactions. Prints {@code records/s p50 p99}, the last two in microseconds.
 */
final class TransactionClient {
    static final int RECORDS = 1000;
    private static final int RECORD_BYTES = 1024;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int partitions;
    private final byte[] value = new byte[RECORD_BYTES];

    private TransactionClient(KafkaProducer<byte[], byte[]> producer, String topic, int partitions) {
        this.producer = producer;
        this.topic = topic;
        this.partitions = partitions;
        new Random(1).nextBytes(value);
    }

    public static void main(String[] args) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", args[0], "transactional.id", args[1]),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            TransactionClient client = new TransactionClient(producer, args[1], Integer.parseInt(args[2]));
            client.commits(Integer.parseInt(args[3]));
            long begun = System.nanoTime();
            long[] nanos = client.commits(Integer.parseInt(args[4]));
            double seconds = (System.nanoTime() - begun) / 1e9;
            Arrays.sort(nanos);
            System.out.println((double) nanos.length * RECORDS / seconds + " " + nanos[nanos.length / 2] / 1000.0 + " "
                    + nanos[(int) (nanos.length * 0.99)] / 1000.0);
        }
    }

    private long[] commits(int count) {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            producer.beginTransaction();
            for (int record = 0; record < RECORDS; record++) {
                producer.send(new ProducerRecord<>(topic, record % partitions, null, value));
            }
            producer.flush();
            long begun = System.nanoTime();
            producer.commitTransaction();
            nanos[i] = System.nanoTime() - begun;
        }
        return nanos;
    }
}
