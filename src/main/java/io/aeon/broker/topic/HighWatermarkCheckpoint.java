package io.aeon.broker.topic;

import io.aeon.broker.partition.FoundPartitions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last known high watermarks of all partitions with records, open or not, and the file that stores them. A
 * partition that is opened after a crash takes its high watermark from the file. The file is written only after a high
 * watermark has changed, and never by two threads at once. Not thread-safe.
 */
final class HighWatermarkCheckpoint {
    private static final Logger logger = LoggerFactory.getLogger(HighWatermarkCheckpoint.class);

    private final Consumer<Map<TopicPartition, Long>> file;
    private final Executor blocking;
    private final Map<TopicPartition, Long> highWatermarks = new HashMap<>();
    private CompletableFuture<Boolean> writing = CompletableFuture.completedFuture(true);
    private boolean isRead;
    private boolean isChanged;

    /**
     * @param file replaces the file's content; may block on the disk
     * @param blocking threads that may block on the disk
     */
    HighWatermarkCheckpoint(Consumer<Map<TopicPartition, Long>> file, Executor blocking) {
        this.file = file;
        this.blocking = blocking;
    }

    /** Takes over the content of the file at the start, except for partitions without files. */
    void read(FoundPartitions found) {
        isRead = true;
        for (TopicPartition partition : found.withFiles()) {
            Long stored = found.highWatermarks().get(partition.toString());
            if (stored != null) {
                highWatermarks.putIfAbsent(partition, stored);
            }
        }
        isChanged |= highWatermarks.size() != found.highWatermarks().size();
    }

    /** The last known high watermark; 0 if none is known. */
    long of(TopicPartition partition) {
        return highWatermarks.getOrDefault(partition, 0L);
    }

    void update(TopicPartition partition, long highWatermark) {
        Long before =
                highWatermark > 0 ? highWatermarks.put(partition, highWatermark) : highWatermarks.remove(partition);
        isChanged |= (before == null ? 0 : before) != highWatermark;
    }

    /** Removes a partition whose files are deleted. */
    void forget(TopicPartition partition) {
        update(partition, 0);
    }

    /**
     * Writes the file on another thread if a high watermark has changed since the last write. Does nothing while a
     * write is in progress or before the file has been read. The next call repeats a failed write.
     */
    void writeIfChanged() {
        if (writing.isDone()) {
            write();
        }
    }

    /** Completes when the file contains the current high watermarks or cannot be written. Never fails. */
    CompletableFuture<Boolean> writeLast() {
        write();
        return writing;
    }

    private void write() {
        if (isRead && (isChanged || !writing.getNow(true))) {
            isChanged = false;
            Map<TopicPartition, Long> written = Map.copyOf(highWatermarks);
            writing = writing.thenApplyAsync(wasWritten -> write(written, wasWritten), blocking)
                    .exceptionally(refused -> false);
        }
    }

    private boolean write(Map<TopicPartition, Long> written, boolean logsFailure) {
        try {
            file.accept(written);
            return true;
        } catch (RuntimeException e) {
            if (logsFailure) {
                logger.warn("The checkpoint of the high watermarks cannot be written now; the write is repeated", e);
            }
            return false;
        }
    }
}
