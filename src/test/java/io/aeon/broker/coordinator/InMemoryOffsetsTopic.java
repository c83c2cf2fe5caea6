package io.aeon.broker.coordinator;

import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.FindEpochEnd;
import io.aeon.broker.partition.PartitionCommand.FindOffset;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.partition.ReadResult;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.TimestampOffset;
import io.aeon.storage.segment.EpochEndOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.OffsetNotAvailableException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/** Partitions that keep their batches in memory, and hold back commands on request. */
public final class InMemoryOffsetsTopic implements Partitions {
    private final Map<TopicPartition, List<ByteBuffer>> batches = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private final List<Long> readFrom = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();
    private long highWatermark = Long.MAX_VALUE;
    private long logStart;
    private long damagedFrom = Long.MAX_VALUE;
    private int leaderEpoch;
    private boolean hold;
    private boolean isEndUnknown;
    private RuntimeException failure;
    private Predicate<TopicPartition> failing = partition -> true;

    @Override
    public synchronized void tell(TopicPartition partition, PartitionCommand command) {
        if (hold) {
            held.add(() -> tell(partition, command));
        } else if (failure != null && failing.test(partition)) {
            command.fail(failure);
        } else if (command instanceof Append append && isCurrent(append, append.currentLeaderEpoch())) {
            append.reply().complete(append(partition, append.batches()));
        } else if (command instanceof AppendMarker marker) {
            marker.reply().complete(append(partition, marker.batch()));
        } else if (command instanceof Read read && isCurrent(read, read.currentLeaderEpoch())) {
            readFrom.add(read.offset());
            if (read.offset() >= damagedFrom) {
                read.fail(new StorageException("damaged at offset " + damagedFrom));
            } else {
                read.reply().complete(read(partition, read.offset()));
            }
        } else if (command instanceof FindOffset find && isCurrent(find, find.currentLeaderEpoch())) {
            if (isEndUnknown && find.spec() == OffsetSpec.Edge.LATEST && find.isolation() != Isolation.LOG_END) {
                find.fail(new OffsetNotAvailableException("the leader does not know the high watermark yet"));
            } else {
                find.reply().complete(Optional.of(find(partition, find.spec())));
            }
        } else if (command instanceof Describe describe) {
            describe.reply().complete(new Description(0, logStart, committed(partition), end(partition), 0));
        } else if (command instanceof Watch watch) {
            watches.add(watch);
        } else if (command instanceof FindEpochEnd find && isCurrent(find, find.currentLeaderEpoch())) {
            find.reply().complete(epochEnd(partition, find.leaderEpoch()));
        }
    }

    /** As in a leader epoch that has just begun: the end of what is committed is not known. */
    synchronized void forgetEnd() {
        isEndUnknown = true;
    }

    private boolean isCurrent(PartitionCommand command, int knownEpoch) {
        boolean current = knownEpoch < 0 || knownEpoch == leaderEpoch;
        if (!current) {
            command.fail(new FencedLeaderEpochException("epoch " + knownEpoch + " instead of " + leaderEpoch));
        }
        return current;
    }

    private TimestampOffset find(TopicPartition partition, OffsetSpec.Edge edge) {
        List<ByteBuffer> all = batches.getOrDefault(partition, List.of());
        int latest = all.isEmpty() ? -1 : batch(all.get(all.size() - 1)).partitionLeaderEpoch();
        return edge == OffsetSpec.Edge.EARLIEST
                ? new TimestampOffset(-1, logStart, -1)
                : new TimestampOffset(-1, committed(partition), latest);
    }

    private EpochEndOffset epochEnd(TopicPartition partition, int epoch) {
        int floor = -1;
        for (ByteBuffer bytes : batches.getOrDefault(partition, List.of())) {
            MutableRecordBatch batch = batch(bytes);
            if (batch.baseOffset() >= damagedFrom) {
                return new EpochEndOffset(floor, damagedFrom);
            }
            if (batch.partitionLeaderEpoch() > epoch) {
                return new EpochEndOffset(floor, floor < 0 ? -1 : batch.baseOffset());
            }
            floor = batch.partitionLeaderEpoch();
        }
        return new EpochEndOffset(floor, ends.getOrDefault(partition, 0L));
    }

    private static MutableRecordBatch batch(ByteBuffer bytes) {
        return MemoryRecords.readableRecords(bytes.duplicate())
                .batches()
                .iterator()
                .next();
    }

    /** Another leader takes over: the batches that end at {@code offset} or later are gone, and a new epoch begins. */
    public synchronized void truncate(TopicPartition partition, long offset) {
        leaderEpoch++;
        batches.getOrDefault(partition, new ArrayList<>())
                .removeIf(bytes -> batch(bytes).lastOffset() >= offset);
        List<ByteBuffer> kept = batches.getOrDefault(partition, List.of());
        ends.put(
                partition, kept.isEmpty() ? 0 : batch(kept.get(kept.size() - 1)).nextOffset());
    }

    /** Removes the batches that end below {@code offset}, which is the log start offset from now on. */
    public synchronized void deleteBelow(TopicPartition partition, long offset) {
        logStart = offset;
        batches.getOrDefault(partition, new ArrayList<>())
                .removeIf(bytes -> batch(bytes).lastOffset() < offset);
    }

    /** Removes the batch that starts at {@code offset}, as compaction does. */
    public synchronized void compactAway(TopicPartition partition, long offset) {
        batches.getOrDefault(partition, new ArrayList<>())
                .removeIf(bytes -> batch(bytes).baseOffset() == offset);
    }

    /** The batch that starts at {@code offset} is damaged: until the repair the log can be read up to there. */
    public synchronized void damage(long offset) {
        damagedFrom = offset;
    }

    /** Removes the damaged batch. */
    public synchronized void repair(TopicPartition partition) {
        compactAway(partition, damagedFrom);
        damagedFrom = Long.MAX_VALUE;
    }

    /** The offsets of all reads since the last call. */
    public synchronized List<Long> takeReads() {
        List<Long> taken = List.copyOf(readFrom);
        readFrom.clear();
        return taken;
    }

    public synchronized long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    public synchronized int leaderEpoch() {
        return leaderEpoch;
    }

    private long committed(TopicPartition partition) {
        return Math.min(end(partition), highWatermark);
    }

    /** The high watermarks are {@code offset} at most from now on. */
    public synchronized void commit(long offset) {
        highWatermark = offset;
        List<Watch> woken = List.copyOf(watches);
        watches.clear();
        woken.forEach(watch -> watch.watcher().wake());
    }

    private AppendResult append(TopicPartition partition, ByteBuffer bytes) {
        long base = ends.getOrDefault(partition, 0L);
        MutableRecordBatch batch = batch(bytes);
        long last = base + batch.lastOffset();
        batch.setLastOffset(last);
        batch.setPartitionLeaderEpoch(leaderEpoch);
        batches.computeIfAbsent(partition, absent -> new ArrayList<>()).add(bytes);
        ends.put(partition, last + 1);
        return new AppendResult(base, last, 0);
    }

    /** Reads one batch at a time, so that a replay needs several reads. */
    private ReadResult read(TopicPartition partition, long offset) {
        for (ByteBuffer bytes : batches.getOrDefault(partition, List.of())) {
            if (batch(bytes).lastOffset() >= offset && batch(bytes).lastOffset() < highWatermark) {
                return result(slice(bytes.duplicate()), committed(partition));
            }
        }
        return result(LogSlice.EMPTY, committed(partition));
    }

    private static ReadResult result(LogSlice records, long end) {
        return new ReadResult(records, end, 0);
    }

    private static LogSlice slice(ByteBuffer bytes) {
        return new LogSlice() {
            @Override
            public int size() {
                return bytes.remaining();
            }

            @Override
            public boolean hot() {
                return true;
            }

            @Override
            public void copyTo(int from, int length, byte[] target, int position) {
                bytes.get(bytes.position() + from, target, position, length);
            }

            @Override
            public int transferTo(int from, int length, WritableByteChannel target) throws IOException {
                return target.write(bytes.slice(bytes.position() + from, length));
            }

            @Override
            public void close() {}
        };
    }

    public synchronized void hold() {
        hold = true;
    }

    public synchronized int held() {
        return held.size();
    }

    public synchronized void release() {
        hold = false;
        List<Runnable> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(Runnable::run);
    }

    public synchronized void fail(RuntimeException cause) {
        fail(partition -> true, cause);
    }

    public synchronized void fail(Predicate<TopicPartition> which, RuntimeException cause) {
        failing = which;
        failure = cause;
    }

    public synchronized void work() {
        failure = null;
    }
}
