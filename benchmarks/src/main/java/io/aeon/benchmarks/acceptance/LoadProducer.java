package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Numbered records at a steady rate, with acks=all unless told otherwise, the partitions in turn, everything
 * acknowledged in a ledger.
 */
final class LoadProducer implements AutoCloseable {
    private static final int STEP_MILLIS = 10;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int partitions;
    private final Ledger ledger;
    private final LongFunction<byte[]> values;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long sent;

    LoadProducer(String bootstrap, String topic, int partitions, int recordsPerSecond, Ledger ledger) {
        this(bootstrap, topic, partitions, recordsPerSecond, ledger, Map.of(), Numbered::value);
    }

    /**
     * @param changed settings of the producer that differ from the usual ones
     * @param values of the records, by number, as {@link Numbered} makes them
     */
    LoadProducer(
            String bootstrap,
            String topic,
            int partitions,
            int recordsPerSecond,
            Ledger ledger,
            Map<String, Object> changed,
            LongFunction<byte[]> values) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("acks", "all");
        settings.put("reconnect.backoff.max.ms", 100);
        settings.put("retry.backoff.max.ms", 100);
        settings.put("request.timeout.ms", 10_000);
        settings.put("max.block.ms", 120_000);
        // On a busy machine a broker that is crashed again and again is down for most of the default of two minutes.
        settings.put("delivery.timeout.ms", 600_000);
        settings.putAll(changed);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.topic = topic;
        this.partitions = partitions;
        this.ledger = ledger;
        this.values = values;
        thread = new Thread(() -> run(recordsPerSecond * STEP_MILLIS / 1000), "load");
        thread.start();
    }

    private void run(int recordsPerStep) {
        while (!stopped) {
            for (int i = 0; i < recordsPerStep && !stopped; i++) {
                send(sent++);
            }
            BrokerProcess.pause(STEP_MILLIS);
        }
    }

    private void send(long number) {
        int partition = (int) (number % partitions);
        producer.send(new ProducerRecord<>(topic, partition, null, values.apply(number)), (metadata, exception) -> {
            if (exception == null) {
                ledger.acknowledge(partition, metadata.offset(), number);
            } else {
                failure.compareAndSet(null, exception);
            }
        });
    }

    /** The first record that was refused for good, or null. */
    Exception failure() {
        return failure.get();
    }

    /** Returns when everything sent is acknowledged or refused. */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        producer.close();
    }
}
