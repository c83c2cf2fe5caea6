package io.aeon.broker.partition.directory;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.FutureReplica;
import io.aeon.replication.EpochEnd;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.ClosedLogs;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.log.PartitionMetadataFile;
import io.aeon.storage.segment.EpochEndOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The move of one replica to another data directory. A second log follows the first one, as that of another broker
 * would, and takes its place once the first one is closed and both hold the same records. All methods may block on both
 * disks. Used by one thread at a time.
 *
 * <p>A crash leaves one of these states, from each of which {@link FutureDirectories} and the placement at the next
 * start go on: the metadata name the old directory, which has all records; they name the new one, and the copy is
 * complete under its temporary name; or the copy has the partition's name, and nothing was written to it before the old
 * directory lost it, or its disk failed at that.
 */
public final class ReplicaMove {
    private static final Logger logger = LoggerFactory.getLogger(ReplicaMove.class);

    /** Bytes that are read at once. */
    public static final int CHUNK = 1 << 20;

    private final PartitionDirectory from;
    private final PartitionDirectory to;
    private final LogConfig config;
    private final FutureReplica progress;
    private Path copying;
    private @Nullable PartitionLog copy;

    /** @param target another data directory than that of {@code from} */
    public ReplicaMove(PartitionDirectory from, Disk target, LogConfig config) {
        this.from = from;
        this.to = new PartitionDirectory(target, from.partition(), from.topicId());
        this.copying = FutureDirectories.path(
                target.directory(),
                from.partition(),
                UUID.randomUUID().toString().replace("-", ""));
        this.config = config;
        this.progress = new FutureReplica(target);
    }

    public TopicPartition partition() {
        return from.partition();
    }

    public PartitionDirectory from() {
        return from;
    }

    public PartitionDirectory to() {
        return to;
    }

    public Disk target() {
        return to.disk();
    }

    /** What clients are told of the copy. */
    public FutureReplica progress() {
        return progress;
    }

    /** The offset of the next record to copy. */
    public long endOffset() {
        return copy == null ? 0 : copy.logEndOffset();
    }

    /** The leader epoch of the last copied record, -1 if there is none. */
    public int lastEpoch() {
        return copy == null ? -1 : copy.latestEpoch();
    }

    public boolean hasBegun() {
        return copy != null;
    }

    /** Creates the copy, or empties it: its first record is the first one of the original. */
    public void begin(long logStartOffset) {
        if (copy == null) {
            target().health().requirePresent();
            clearTarget();
            PartitionMetadataFile.write(copying, from.topicId().toString(), files());
            copy = PartitionLog.open(copying, config, target().environment());
        }
        copy.replication().startAnew(logStartOffset);
    }

    /** A move that failed at its last step may have left what it could not remove where this one is to end. */
    private void clearTarget() {
        if (files().exists(to.path())) {
            Path aside = ClosedLogs.setAside(to.path(), files());
            logger.warn("{} has files that an earlier move left; they are in {} now", to, aside);
        }
    }

    /** Appends whole batches of the original. */
    public void append(byte[] batches) {
        target().space().take(batches.length, false);
        PartitionLog log = opened();
        log.replication().appendAsFollower(ByteBuffer.wrap(batches));
        if (log.hasUnflushedRoll()) {
            log.flush();
        }
        progress.reached(log.logEndOffset(), log.sizeInBytes());
    }

    /**
     * Removes records that the original does not have any more: it follows a leader with others. The last record that
     * remains may be another one than in the original, of an earlier epoch.
     *
     * @param original the end of {@link #lastEpoch} in the original
     */
    public void truncate(EpochEndOffset original) {
        PartitionLog log = opened();
        EpochEnd own = epochEnd(log.endOfEpoch(original.leaderEpoch()));
        log.replication().truncateTo(EpochEnd.truncation(epochEnd(original), own, log.logEndOffset()));
        progress.reached(log.logEndOffset(), log.sizeInBytes());
    }

    private static EpochEnd epochEnd(EpochEndOffset end) {
        return new EpochEnd(end.leaderEpoch(), end.endOffset());
    }

    /** Copies the rest of the original, whose log is closed, and closes the copy, which is durable then. */
    public void complete() {
        PartitionLog original = from.open(config);
        try {
            truncateAs(original);
            if (!hasBegun() || endOffset() < original.logStartOffset() || endOffset() > original.logEndOffset()) {
                begin(original.logStartOffset());
            }
            while (endOffset() < original.logEndOffset()) {
                append(read(original));
            }
            opened().start().advanceTo(original.logStartOffset());
        } finally {
            from.close(original);
        }
        opened().close();
    }

    /** Removes what the original has truncated since it was copied; without a common epoch the copy begins anew. */
    private void truncateAs(PartitionLog original) {
        while (lastEpoch() >= 0) {
            EpochEndOffset end = original.endOfEpoch(lastEpoch());
            if (epochEnd(end).isUnknown()) {
                begin(original.logStartOffset());
            } else if (epochEnd(end).divergesFrom(lastEpoch(), endOffset())) {
                truncate(end);
            } else {
                return;
            }
        }
    }

    private byte[] read(PartitionLog original) {
        try (LogSlice slice = original.read(endOffset(), CHUNK, true, original.logEndOffset())) {
            if (slice.size() == 0) {
                throw new StorageException(from + " has no records at offset " + endOffset());
            }
            byte[] batches = new byte[slice.size()];
            slice.copyTo(batches, 0);
            return batches;
        }
    }

    /**
     * Lets the copy take the place of the original: the metadata name its directory already. Once the copy has the
     * partition's name durably, the move is made, whatever the old disk does.
     *
     * @return removes the files of the original; to be run later, because that takes time
     * @throws StorageException the copy cannot get the partition's name; the original is unchanged
     */
    public Runnable commit() {
        try {
            files().rename(copying, to.path());
            copying = to.path();
            files().forceParent(copying);
        } catch (IOException e) {
            throw StorageException.of("cannot rename " + copying, e);
        }
        return setOriginalAside();
    }

    /** A failure leaves the original whole, in part or under another name; the next start removes what it finds. */
    private Runnable setOriginalAside() {
        LogFiles filesOfOriginal = from.disk().environment().files();
        if (!filesOfOriginal.exists(from.path())) {
            return () -> {};
        }
        try {
            Path aside = ClosedLogs.setAside(from.path(), filesOfOriginal);
            return () -> ClosedLogs.delete(aside, filesOfOriginal);
        } catch (StorageException e) {
            return () -> {
                throw e;
            };
        }
    }

    /** Closes the copy; the next start finds it and begins the move anew. */
    public void leave() {
        if (copy != null) {
            copy.close();
        }
    }

    /** Removes the copy, also one that has the partition's name already. */
    public void abandon() {
        try {
            leave();
        } finally {
            ClosedLogs.delete(copying, files());
        }
    }

    private PartitionLog opened() {
        if (copy == null) {
            throw new IllegalStateException("the copy of " + from + " has not begun");
        }
        return copy;
    }

    private LogFiles files() {
        return target().environment().files();
    }

    @Override
    public String toString() {
        return from + " from " + from.disk() + " to " + target();
    }
}
