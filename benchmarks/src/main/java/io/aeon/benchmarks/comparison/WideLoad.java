package io.aeon.benchmarks.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Producers that write to all partitions in turn, as fast as they can. Batches hold so few records that a slow broker's
 * are no larger than a fast one's. Arguments: bootstrap, topic, partitions, producers, records.
 */
final class WideLoad {
    private static final int RECORD_BYTES = 100;
    private static final int BATCH_BYTES = 512;

    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    private WideLoad(String bootstrap, String topic, int partitions) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.partitions = partitions;
    }

    public static void main(String[] args) throws Exception {
        WideLoad load = new WideLoad(args[0], args[1], Integer.parseInt(args[2]));
        load.run(Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    }

    private void run(int producers, int records) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(producers);
        try {
            List<Future<?>> producing = new ArrayList<>();
            for (int i = 0; i < producers; i++) {
                producing.add(threads.submit(() -> produce(records / producers)));
            }
            for (Future<?> each : producing) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private void produce(int records) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap, "acks", "1", "enable.idempotence", false, "batch.size", BATCH_BYTES);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] value = new byte[RECORD_BYTES];
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topic, i % partitions, null, value), (metadata, exception) -> {
                    if (exception != null) {
                        failure.set(exception);
                    }
                });
            }
        }
    }
}
