package io.aeon.storage.repair;

import io.aeon.storage.batch.BatchScanner;
import io.aeon.storage.batch.BatchSummary;
import io.aeon.storage.batch.Damage;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.recovery.RecoveryCheckpoint;
import io.aeon.storage.segment.DurablePoint;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.SegmentNames;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A check of all bytes of a partition's log that is not open. Changes nothing. */
public final class StoppedLog {
    private final Path directory;
    private final LogFiles files;
    private final @Nullable RecoveryCheckpoint checkpoint;
    private final LeaderEpochs epochs;
    private final long[] bases;

    private StoppedLog(Path directory, LogFiles files) {
        this.directory = directory;
        this.files = files;
        this.checkpoint = RecoveryCheckpoint.read(directory, files);
        this.bases = SegmentNames.baseOffsets(new LogDirectory(directory, files).list());
        LeaderEpochs stored = LeaderEpochs.read(directory, files);
        this.epochs = stored != null && checkpoint != null && checkpoint.epochs() == stored.checksum()
                ? stored
                : LeaderEpochs.empty(directory, files);
        epochs.truncateFromEnd(epochsTo());
    }

    /** Epochs begin, and end by truncation, behind the checkpoint without being stored. */
    private long epochsTo() {
        return checkpoint == null ? 0 : checkpoint.durable().offset();
    }

    public static StoppedLog in(Path directory, LogFiles files) {
        return new StoppedLog(directory, files);
    }

    /** Whether the directory contains the log of a partition. */
    public static boolean isIn(Path directory, LogFiles files) {
        return RecoveryCheckpoint.exists(directory, files)
                || SegmentNames.baseOffsets(new LogDirectory(directory, files).list()).length > 0;
    }

    /**
     * All findings, in the order of the log.
     *
     * @param read receives the size of each segment that was read, in bytes
     */
    public List<Finding> verify(LongConsumer read) {
        List<Finding> findings = new ArrayList<>();
        if (checkpoint == null && RecoveryCheckpoint.exists(directory, files)) {
            findings.add(new Finding(
                    RecoveryCheckpoint.path(directory, files),
                    0,
                    "the checkpoint is damaged or belongs to another log",
                    false));
        }
        long next = bases.length == 0 ? 0 : bases[0];
        for (int i = 0; i < bases.length; i++) {
            if (bases[i] > next && !isCompacted(bases[i])) {
                findings.add(new Finding(
                        file(bases[i]).path(),
                        0,
                        "offsets from " + next + " to " + bases[i] + " are not there",
                        false));
            }
            next = Math.max(next, verifySegment(i, findings));
            read.accept(size(i));
        }
        verifyEnd(next, findings);
        return findings;
    }

    /** Whether offsets before {@code next} may be missing because compaction removed their records. */
    private boolean isCompacted(long next) {
        return checkpoint != null && next <= checkpoint.clean().gapsTo();
    }

    /** The size of all segments in bytes. */
    public long size() {
        long size = 0;
        for (int i = 0; i < bases.length; i++) {
            size += size(i);
        }
        return size;
    }

    private long size(int segment) {
        SegmentFile file = file(bases[segment]);
        try {
            return file.size();
        } finally {
            file.retire();
        }
    }

    private long verifySegment(int at, List<Finding> findings) {
        IndexCheck index =
                checkpoint != null && bases[at] < checkpoint.durable().segmentBase()
                        ? new IndexCheck(directory, bases[at], files)
                        : null;
        long next = walk(at, new SegmentWalk.Visitor() {
            @Override
            public void whole(BatchScanner batch) {
                if (index != null) {
                    index.batch(batch.position(), batch.lastOffset());
                }
            }

            @Override
            public void damaged(Damage damage, long end) {
                boolean harmful = wasDurable(at, damage.position());
                String problem = damage.reason() + "; " + (end - damage.position()) + " bytes, from offset "
                        + damage.offset() + (harmful ? "" : "; never durable, cut at the next start");
                findings.add(new Finding(damage.file(), damage.position(), problem, harmful));
            }
        });
        if (index != null) {
            index.wrong().ifPresent(findings::add);
        }
        return next;
    }

    /** Visits every batch and every damaged part of a segment; returns the offset after its last whole batch. */
    long walk(int segment, SegmentWalk.Visitor visitor) {
        SegmentFile file = file(bases[segment]);
        try {
            long size = file.size();
            return new SegmentWalk(file, size, bases[segment], limit(segment, size), epochs, epochsTo()).walk(visitor);
        } finally {
            file.retire();
        }
    }

    /** The offset that all offsets of the segment are below. */
    private long limit(int segment, long size) {
        if (segment + 1 < bases.length) {
            return bases[segment + 1];
        }
        return checkpoint != null
                        && checkpoint.durable().segmentBase() == bases[segment]
                        && checkpoint.durable().end().position() == size
                ? checkpoint.durable().offset()
                : bases[segment] + Integer.MAX_VALUE;
    }

    /** An opening cuts nothing if it finds a checkpoint that it cannot read or that belongs to other records. */
    private boolean wasDurable(int segment, long position) {
        if (checkpoint == null) {
            return RecoveryCheckpoint.exists(directory, files) || segment < bases.length - 1;
        }
        long durable = checkpoint.durable().segmentBase();
        boolean below = bases[segment] < durable
                || (bases[segment] == durable
                        && position < checkpoint.durable().end().position());
        return below || !believes(checkpoint.durable());
    }

    /** Whether an opening finds the records of the checkpoint; otherwise it believes nothing of what that says. */
    private boolean believes(DurablePoint durable) {
        if (Arrays.binarySearch(bases, durable.segmentBase()) < 0) {
            return true;
        }
        SegmentFile file = file(durable.segmentBase());
        try {
            return durable.end().isIn(file);
        } finally {
            file.retire();
        }
    }

    private void verifyEnd(long next, List<Finding> findings) {
        if (checkpoint != null && next < checkpoint.durable().offset()) {
            Path file = file(checkpoint.durable().segmentBase()).path();
            long size = file(checkpoint.durable().segmentBase()).size();
            String problem =
                    "offsets from " + next + " to " + checkpoint.durable().offset() + " were durable and are not there";
            findings.add(new Finding(file, size, problem, true));
        } else if (checkpoint != null) {
            verifyDurableBytes(checkpoint.durable(), findings);
        }
    }

    /** An interrupted repair has kept the offsets already, but has not replaced the checkpoint yet. */
    private void verifyDurableBytes(DurablePoint durable, List<Finding> findings) {
        int at = Arrays.binarySearch(bases, durable.segmentBase());
        int bytes = durable.end().position();
        if (at >= 0 && size(at) < bytes) {
            String problem = "the file ends here, but " + bytes + " bytes were durable";
            findings.add(new Finding(file(bases[at]).path(), size(at), problem, true));
        }
    }

    /** Passes all whole batches, and the damaged parts between them. */
    public void dump(Consumer<BatchSummary> batches, Consumer<Finding> damage) {
        for (int i = 0; i < bases.length; i++) {
            Path file = file(bases[i]).path();
            walk(i, new SegmentWalk.Visitor() {
                @Override
                public void whole(BatchScanner batch) {
                    batches.accept(BatchSummary.of(file, batch.position(), batch.header()));
                }

                @Override
                public void damaged(Damage found, long end) {
                    damage.accept(new Finding(file, found.position(), found.reason(), true));
                }
            });
        }
    }

    /** All bytes of a batch that {@link #dump} passed. */
    public ByteBuffer read(BatchSummary batch) {
        SegmentFile file = new SegmentFile(batch.file(), files, new MapBudget(1));
        try {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(batch.size()));
            file.read(bytes, batch.position());
            return bytes.flip();
        } finally {
            file.retire();
        }
    }

    /** The latest leader epoch below the checkpoint, -1 if it is unknown. */
    int latestEpoch() {
        return epochs.latest();
    }

    long[] bases() {
        return bases;
    }

    @Nullable
    RecoveryCheckpoint checkpoint() {
        return checkpoint;
    }

    SegmentFile file(long base) {
        return new SegmentFile(SegmentNames.log(directory, base), files, new MapBudget(1));
    }
}
