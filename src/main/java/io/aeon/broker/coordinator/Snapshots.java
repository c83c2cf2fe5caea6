package io.aeon.broker.coordinator;

import io.aeon.broker.coordinator.SnapshotFile.DamagedException;
import io.aeon.broker.coordinator.SnapshotFile.Opened;
import io.aeon.broker.partition.OffsetSpec.Edge;
import io.aeon.broker.partition.PartitionCommand.FindEpochEnd;
import io.aeon.coordinator.LatestRecords;
import io.aeon.coordinator.RecordBatches;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.EpochEndOffset;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one partition of a coordinator topic. A snapshot stands for the log below an offset: it is made of
 * the previous snapshot and the records that follow in the log, up to the high watermark, and needs nothing of the
 * coordinators, which go on meanwhile. It is a cache: if it is damaged, if the log is not the same any more, or if
 * compaction may have dropped the tombstone of a record that the snapshot still has, the log is read instead.
 * Thread-safe.
 */
final class Snapshots {
    /** The number of records behind a snapshot at which the next one is due, unless the snapshot has more itself. */
    static final int EVERY = 5_000;

    /** The least age in milliseconds at which a snapshot is replaced for its age. */
    private static final long LEAST_AGE_MS = Duration.ofHours(1).toMillis();

    /** In place of the time of a snapshot, if there is none: it has no age. */
    private static final long NEVER = Long.MAX_VALUE;

    private static final Logger logger = LoggerFactory.getLogger(Snapshots.class);

    private final CoordinatorLog log;
    private final Uuid topicId;
    private final SnapshotFiles files;
    private final SnapshotFile file;
    private final RecordBatches batches;
    private final Executor blocking;
    private final AtomicLong logEnd = new AtomicLong();
    private final AtomicReference<String> lastMismatch = new AtomicReference<>("");
    private volatile Last last = new Last(0, 0, NEVER);

    /** The last snapshot, or the last try that failed: the log below {@code endOffset} needs none until later. */
    private record Last(long endOffset, int records, long takenMs) {}

    /** @param blocking threads that may block on the disk */
    Snapshots(CoordinatorLog log, Uuid topicId, SnapshotFiles files, RecordBatches batches, Executor blocking) {
        this.log = log;
        this.topicId = topicId;
        this.files = files;
        this.file = files.of(log.partition());
        this.batches = batches;
        this.blocking = blocking;
    }

    /** The log has durable records up to this offset. */
    void reached(long endOffset) {
        logEnd.accumulateAndGet(endOffset, Math::max);
    }

    /** Whether so many records follow the last snapshot, or any for so long, that a new one is worthwhile. */
    boolean isDue() {
        Last known = last;
        long following = logEnd.get() - known.endOffset();
        return following >= Math.max(EVERY, known.records()) || (following > 0 && isOld(known));
    }

    private boolean isOld(Last known) {
        return files.clock().millis() - known.takenMs() >= Math.max(LEAST_AGE_MS, mostAgeMs() / 2);
    }

    /**
     * A tombstone that follows a snapshot stays in the log for delete.retention.ms after the snapshot was taken. The
     * other half is for the time that a replay takes and for the clocks of the brokers that compacted the log.
     */
    private long mostAgeMs() {
        return files.deleteRetentionMs().applyAsLong(log.partition().topic()) / 2;
    }

    /**
     * Passes the snapshot, if there is a valid one, and then the log to {@code reader}, some batches at a time.
     *
     * @param leaderEpoch fails when the partition has another leader epoch; -1 for any
     * @return the offset after the last batch
     */
    CompletableFuture<Long> replay(ToLongFunction<ByteBuffer> reader, int leaderEpoch) {
        return log.find(Edge.EARLIEST, leaderEpoch).thenCompose(start -> replay(reader, start.offset(), leaderEpoch));
    }

    private CompletableFuture<Long> replay(ToLongFunction<ByteBuffer> reader, long logStart, int leaderEpoch) {
        return restore(reader, logStart, leaderEpoch)
                .thenCompose(from -> log.read(reader, from, leaderEpoch))
                .thenApply(end -> {
                    reached(end);
                    return end;
                });
    }

    /** Passes the snapshot to {@code reader}; returns the offset at which the log goes on. */
    private CompletableFuture<Long> restore(ToLongFunction<ByteBuffer> reader, long logStart, int leaderEpoch) {
        return CompletableFuture.supplyAsync(this::open, blocking).thenCompose(found -> {
            if (found.isEmpty()) {
                return CompletableFuture.completedFuture(withoutSnapshot(logStart));
            }
            Opened snapshot = found.get();
            SnapshotHeader header = snapshot.header();
            return epochEnd(header.leaderEpoch(), leaderEpoch)
                    .thenCombine(
                            log.logEndOffset(leaderEpoch), (end, logEnd) -> mismatch(header, logStart, end, logEnd))
                    .thenApplyAsync(mismatch -> restore(reader, logStart, snapshot, mismatch), blocking)
                    .whenComplete((from, failure) -> snapshot.close());
        });
    }

    private long withoutSnapshot(long logStart) {
        last = new Last(logStart, 0, NEVER);
        return logStart;
    }

    private Optional<Opened> open() {
        try {
            Opened opened = file.open();
            if (opened == null || opened.header().topicId().equals(topicId)) {
                return Optional.ofNullable(opened);
            }
            opened.close();
            remove("it is of another topic of the same name");
        } catch (DamagedException e) {
            remove(e.getMessage());
        } catch (StorageException e) {
            logger.warn("{}: the log is read without its snapshot: {}", log.partition(), e.getMessage());
        }
        return Optional.empty();
    }

    private CompletableFuture<EpochEndOffset> epochEnd(int epoch, int leaderEpoch) {
        CompletableFuture<EpochEndOffset> end = new CompletableFuture<>();
        log.tell(new FindEpochEnd(epoch, leaderEpoch, end));
        return end;
    }

    private long restore(ToLongFunction<ByteBuffer> reader, long logStart, Opened snapshot, Optional<String> mismatch) {
        if (mismatch.isPresent()) {
            passOver(mismatch.get());
            return withoutSnapshot(logStart);
        }
        try {
            snapshot.forEachBatch(batch -> {
                var unused = reader.applyAsLong(batch);
            });
        } catch (StorageException e) {
            // the disk failed, and the snapshot, whose checksum was right, may be the only intact copy
            throw e;
        } catch (RuntimeException e) {
            // the next try reads the log
            remove(String.valueOf(e.getMessage()));
            throw e;
        }
        last = new Last(
                snapshot.header().endOffset(),
                snapshot.header().records(),
                snapshot.header().takenMs());
        return snapshot.header().endOffset();
    }

    /**
     * Why the snapshot does not stand for the present log. As between replicas, two logs with the same leader epoch at
     * an offset are the same up to there.
     */
    private Optional<String> mismatch(SnapshotHeader header, long logStart, EpochEndOffset epochEnd, long end) {
        if (header.logStartOffset() < logStart) {
            return Optional.of("the log now starts at offset " + logStart);
        }
        if (epochEnd.leaderEpoch() != header.leaderEpoch() || epochEnd.endOffset() < header.endOffset()) {
            return Optional.of("it ends at offset " + header.endOffset() + " in leader epoch " + header.leaderEpoch()
                    + ", but in the log epoch " + epochEnd.leaderEpoch() + " ends at offset " + epochEnd.endOffset());
        }
        // Without records behind the snapshot there is no tombstone that can be missing.
        boolean isRecent = Math.abs(files.clock().millis() - header.takenMs()) < mostAgeMs();
        return isRecent || end == header.endOffset()
                ? Optional.empty()
                : Optional.of("it is of " + Instant.ofEpochMilli(header.takenMs())
                        + ", and tombstones of later deletions may have been removed from the log");
    }

    /** The file stays until the next snapshot: it may be the only intact copy of records that are damaged in the log. */
    private void passOver(String mismatch) {
        if (!mismatch.equals(lastMismatch.getAndSet(mismatch))) {
            logger.warn("{}: the log is read without the snapshot {}: {}", log.partition(), file.path(), mismatch);
        }
    }

    private void remove(@Nullable String reason) {
        logger.warn("{}: the snapshot {} is removed and the log is read: {}", log.partition(), file.path(), reason);
        try {
            file.delete();
        } catch (StorageException e) {
            logger.warn("{}: {}", log.partition(), e.getMessage());
        }
    }

    /**
     * Takes a snapshot. It fails if the partition's leader epoch is not {@code leaderEpoch} meanwhile, because another
     * leader could have changed the log.
     */
    CompletableFuture<Void> take(int leaderEpoch) {
        long takenMs = files.clock().millis();
        LatestRecords latest = new LatestRecords(batches, files.mostBytes());
        return log.find(Edge.EARLIEST, leaderEpoch)
                .thenCompose(start -> replay(latest::replay, start.offset(), leaderEpoch)
                        .thenCompose(end -> log.find(Edge.LATEST, leaderEpoch)
                                .thenAcceptAsync(
                                        newest -> write(start.offset(), end, newest.leaderEpoch(), takenMs, latest),
                                        blocking)))
                .whenComplete((done, failure) -> {
                    if (failure != null && !Replays.isPassing(failure)) {
                        last = new Last(logEnd.get(), last.records(), takenMs);
                    }
                });
    }

    private void write(long logStart, long end, int epoch, long takenMs, LatestRecords latest) {
        latest.gap().ifPresent(reason -> {
            throw new StorageException(reason);
        });
        SnapshotHeader written = file.write(topicId, logStart, end, epoch, takenMs, latest);
        last = new Last(end, written.records(), takenMs);
        logger.debug("{}: snapshot of {} records below offset {}", log.partition(), written.records(), end);
    }
}
