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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one partition of a coordinator topic. A snapshot stands for the log below an offset: it is made of
 * the previous snapshot and the records that follow in the log, up to the high watermark, and needs nothing of the
 * coordinators, which go on meanwhile. It is a cache: if it is damaged or the log is not the same any more, it is
 * removed and the log is read instead. Thread-safe.
 */
final class Snapshots {
    /** The number of records behind a snapshot at which the next one is due, unless the snapshot has more itself. */
    static final int EVERY = 5_000;

    private static final Logger logger = LoggerFactory.getLogger(Snapshots.class);

    private final CoordinatorLog log;
    private final Uuid topicId;
    private final SnapshotFile file;
    private final RecordBatches batches;
    private final long mostBytes;
    private final Executor blocking;
    private final AtomicLong logEnd = new AtomicLong();

    /** The offset up to which the last snapshot stands for the log, or the last try failed. */
    private volatile long covered;

    private volatile int records;

    /** @param blocking threads that may block on the disk */
    Snapshots(CoordinatorLog log, Uuid topicId, SnapshotFiles files, RecordBatches batches, Executor blocking) {
        this.log = log;
        this.topicId = topicId;
        this.file = files.of(log.partition());
        this.mostBytes = files.mostBytes();
        this.batches = batches;
        this.blocking = blocking;
    }

    /** The log has durable records up to this offset. */
    void reached(long endOffset) {
        logEnd.accumulateAndGet(endOffset, Math::max);
    }

    /** Whether so many records follow the last snapshot that a new one is worthwhile. */
    boolean isDue() {
        return logEnd.get() - covered >= Math.max(EVERY, records);
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
                covered = logStart;
                records = 0;
                return CompletableFuture.completedFuture(logStart);
            }
            Opened snapshot = found.get();
            return epochEnd(snapshot.header().leaderEpoch(), leaderEpoch)
                    .thenApplyAsync(end -> restore(reader, logStart, snapshot, end), blocking)
                    .whenComplete((from, failure) -> snapshot.close());
        });
    }

    private Optional<Opened> open() {
        try {
            return Optional.ofNullable(file.open());
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

    private long restore(ToLongFunction<ByteBuffer> reader, long logStart, Opened snapshot, EpochEndOffset epochEnd) {
        SnapshotHeader header = snapshot.header();
        String mismatch = mismatch(header, logStart, epochEnd);
        if (mismatch != null) {
            remove(mismatch);
            covered = logStart;
            records = 0;
            return logStart;
        }
        try {
            snapshot.forEachBatch(batch -> {
                var unused = reader.applyAsLong(batch);
            });
        } catch (RuntimeException e) {
            // the next try reads the log
            remove(String.valueOf(e.getMessage()));
            throw e;
        }
        covered = header.endOffset();
        records = header.records();
        return header.endOffset();
    }

    /**
     * Why the snapshot does not stand for the present log; null if it does. As between replicas, two logs with the same
     * leader epoch at an offset are the same up to there.
     */
    private @Nullable String mismatch(SnapshotHeader header, long logStart, EpochEndOffset epochEnd) {
        if (!header.topicId().equals(topicId)) {
            return "it is of another topic of the same name";
        }
        if (header.logStartOffset() < logStart) {
            return "the log now starts at offset " + logStart;
        }
        boolean same = epochEnd.leaderEpoch() == header.leaderEpoch() && epochEnd.endOffset() >= header.endOffset();
        return same
                ? null
                : "it ends at offset " + header.endOffset() + " in leader epoch " + header.leaderEpoch()
                        + ", but in the log epoch " + epochEnd.leaderEpoch() + " ends at offset "
                        + epochEnd.endOffset();
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
        LatestRecords latest = new LatestRecords(batches, mostBytes);
        return log.find(Edge.EARLIEST, leaderEpoch)
                .thenCompose(start -> replay(latest::replay, start.offset(), leaderEpoch)
                        .thenCompose(end -> log.find(Edge.LATEST, leaderEpoch)
                                .thenAcceptAsync(
                                        newest -> write(start.offset(), end, newest.leaderEpoch(), latest), blocking)))
                .whenComplete((done, failure) -> {
                    if (failure != null && !Replays.isPassing(failure)) {
                        covered = logEnd.get();
                    }
                });
    }

    private void write(long logStart, long end, int epoch, LatestRecords latest) {
        latest.gap().ifPresent(reason -> {
            throw new StorageException(reason);
        });
        SnapshotHeader written = file.write(topicId, logStart, end, epoch, latest);
        covered = written.endOffset();
        records = written.records();
        logger.debug("{}: snapshot of {} records below offset {}", log.partition(), records, end);
    }
}
