package io.aeon.benchmarks.acceptance;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what is in a topic and holds it against the ledger. */
final class LogReader implements AutoCloseable {
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(20);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final Ledger ledger;

    /** Numbers seen so far, and how often one came again or below one before it: what retries can do. */
    private final BitSet seen = new BitSet();

    private long duplicates;
    private long disordered;

    LogReader(String bootstrap, String topic, Ledger ledger) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "auto.offset.reset",
                        "none",
                        "check.crcs",
                        true,
                        "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.topic = topic;
        this.ledger = ledger;
    }

    /** Reads the offsets of one partition from the first up to the second: how many acknowledged ones are not there. */
    long lost(int partition, long from, long to) {
        return lost(partition, from, to, SILENCE_LIMIT);
    }

    /** The same, given up when nothing has come for so long. */
    long lost(int partition, long from, long to, Duration silenceLimit) {
        TopicPartition assigned = new TopicPartition(topic, partition);
        consumer.assign(List.of(assigned));
        long end = Math.min(to, end(assigned, silenceLimit));
        long next = from;
        long lost = ledger.acknowledgedBetween(partition, end, to);
        consumer.seek(assigned, from);
        long last = -1;
        long heard = System.nanoTime();
        while (next < end && System.nanoTime() - heard < silenceLimit.toNanos()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                heard = System.nanoTime();
                if (record.offset() >= end) {
                    return lost + ledger.acknowledgedBetween(partition, next, end);
                }
                long number = Numbered.of(record.value());
                lost += ledger.acknowledgedBetween(partition, next, record.offset());
                lost += ledger.allows(partition, record.offset(), number) ? 0 : 1;
                next = record.offset() + 1;
                remember((int) number);
                disordered += number < last ? 1 : 0;
                last = number;
            }
        }
        return lost + ledger.acknowledgedBetween(partition, next, end);
    }

    /** 0 if the broker does not tell. */
    private long end(TopicPartition partition, Duration limit) {
        try {
            return consumer.endOffsets(List.of(partition), limit).get(partition);
        } catch (TimeoutException silence) {
            return 0;
        }
    }

    private void remember(int number) {
        if (seen.get(number)) {
            duplicates++;
        }
        seen.set(number);
    }

    /** Records whose number had been read before. */
    long duplicates() {
        return duplicates;
    }

    /** Records with a lower number than the one before them in their partition. */
    long disordered() {
        return disordered;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
