package io.aeon.broker.partition;

import io.aeon.config.KafkaSettings;
import io.aeon.storage.compaction.CompactionMemory;
import java.time.Duration;

/**
 * Bounds of compaction, from Kafka's settings log.cleaner.*.
 *
 * @param threads partitions that are compacted at the same time
 * @param backoff time before a partition that could not be compacted has its turn again, doubled each time
 * @param memory what each of them may take
 */
public record CleanerSettings(int threads, Duration backoff, CompactionMemory memory) {
    /** Kafka's settings are for all threads together, and its buffers one for reading and one for writing. */
    public static CleanerSettings of(KafkaSettings kafka) {
        int threads = kafka.getInt("log.cleaner.threads");
        return new CleanerSettings(
                threads,
                Duration.ofMillis(kafka.getLong("log.cleaner.backoff.ms")),
                new CompactionMemory(
                        kafka.getLong("log.cleaner.dedupe.buffer.size") / threads,
                        kafka.getDouble("log.cleaner.io.buffer.load.factor"),
                        kafka.getInt("log.cleaner.io.buffer.size") / threads / 2));
    }
}
