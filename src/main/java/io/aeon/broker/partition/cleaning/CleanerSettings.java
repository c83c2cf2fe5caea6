package io.aeon.broker.partition.cleaning;

import io.aeon.config.KafkaSettings;
import io.aeon.storage.compaction.CompactionMemory;
import java.time.Duration;

/**
 * Limits of log compaction, from Kafka's settings log.cleaner.*.
 *
 * @param threads number of partitions that are compacted at the same time
 * @param backoff wait after a failed compaction of a partition; it doubles with each failure
 * @param memory memory for the compaction of one partition
 */
public record CleanerSettings(int threads, Duration backoff, CompactionMemory memory) {
    /**
     * Kafka's settings apply to all threads together, and its I/O buffer size covers one read buffer and one write
     * buffer.
     */
    public static CleanerSettings of(KafkaSettings kafka) {
        int threads = kafka.getInt("log.cleaner.threads");
        return new CleanerSettings(
                threads,
                kafka.getDuration("log.cleaner.backoff.ms"),
                new CompactionMemory(
                        kafka.getLong("log.cleaner.dedupe.buffer.size") / threads,
                        kafka.getDouble("log.cleaner.io.buffer.load.factor"),
                        kafka.getInt("log.cleaner.io.buffer.size") / threads / 2));
    }
}
