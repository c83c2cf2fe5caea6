package io.aeon.broker.coordinator;

import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.FindOffset;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.Watcher;
import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.RecordFormat;
import io.aeon.coordinator.Replayable;
import io.aeon.coordinator.StoredRecords;
import io.aeon.metadata.ClusterImage;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.TimestampOffset;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of a topic that stores the records of coordinators, as long as this broker leads it without
 * interruption. If another broker has led it in between, appends and replays fail. Thread-safe.
 */
public final class CoordinatorLog {
    private static final int ANY_EPOCH = -1;
    private static final Logger logger = LoggerFactory.getLogger(CoordinatorLog.class);
    private static final int READ_SIZE = 1 << 20;
    private static final TimestampOffset NOTHING = new TimestampOffset(-1, 0, -1);

    private final Partitions partitions;
    private final TopicPartition partition;
    private final int leaderEpoch;
    private final Executor blocking;
    private final RecordBatches batches;
    private final Snapshots snapshots;
    private final AtomicBoolean toldOfPassedOver = new AtomicBoolean();

    /**
     * @param role the partition in the metadata when this broker began to lead it
     * @param blocking threads that may block on the disk
     */
    public CoordinatorLog(
            Partitions partitions,
            TopicIdPartition partition,
            ClusterImage.Partition role,
            RecordBatches batches,
            SnapshotFiles files,
            Executor blocking) {
        this.partitions = partitions;
        this.partition = partition.topicPartition();
        this.leaderEpoch = role.replicas().size() > 1 ? role.leaderEpoch() : ANY_EPOCH;
        this.batches = batches;
        this.blocking = blocking;
        this.snapshots = new Snapshots(this, partition.topicId(), files, batches, blocking);
    }

    public TopicPartition partition() {
        return partition;
    }

    /** Appends one batch; completes when it is durable. */
    public CompletableFuture<AppendResult> append(ByteBuffer batch) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        tell(toAppend(batch, reply));
        return reply.thenApply(result -> {
            appended(result);
            return result;
        });
    }

    /** The command that appends one batch; {@code reply} completes when the batch is durable. */
    public Append toAppend(ByteBuffer batch, CompletableFuture<AppendResult> reply) {
        return new Append(batch, Acks.ALL, reply, false, leaderEpoch);
    }

    /** A batch that was not appended by {@link #append} is durable. */
    public void appended(AppendResult result) {
        snapshots.reached(result.lastOffset() + 1);
    }

    /** Whether a new snapshot would shorten the next replay enough. */
    public boolean isSnapshotDue() {
        return snapshots.isDue();
    }

    /** Takes a snapshot, from which the next replay starts; fails if {@code leaderEpoch} is not the partition's. */
    public CompletableFuture<Void> takeSnapshot(int leaderEpoch) {
        return snapshots.take(leaderEpoch);
    }

    /**
     * Builds state machines from the snapshot and the records that follow in the log.
     *
     * @param wanted selects the state machines by id
     * @param maker creates a state machine that does not exist yet
     */
    public <R, M extends Replayable<R>> CompletableFuture<List<M>> replay(
            RecordFormat<R> format, Predicate<String> wanted, Function<String, M> maker) {
        PassedOver passedOver = new PassedOver();
        StoredRecords<R, M> records = new StoredRecords<>(batches, format, wanted, maker, passedOver);
        return committed()
                .thenCompose(all -> snapshots.replay(records::replay, leaderEpoch))
                .thenApply(end -> {
                    report(passedOver);
                    return records.existing();
                });
    }

    /**
     * Completes when all records that the log has now are committed. A new leader has records that the former one may
     * have acknowledged, although its own high watermark is still below them. A sole replica has no such ones.
     */
    private CompletableFuture<Void> committed() {
        return leaderEpoch == ANY_EPOCH
                ? CompletableFuture.completedFuture(null)
                : describe().thenCompose(now -> committed(now.logEndOffset(), now));
    }

    private CompletableFuture<Void> committed(long end, Description now) {
        return now.highWatermark() >= Math.min(end, now.logEndOffset())
                ? CompletableFuture.completedFuture(null)
                : change(now).thenCompose(woken -> describe()).thenCompose(later -> committed(end, later));
    }

    private CompletableFuture<Description> describe() {
        CompletableFuture<Description> described = new CompletableFuture<>();
        tell(new Describe(described));
        return described;
    }

    private CompletableFuture<Void> change(Description now) {
        CompletableFuture<Void> changed = new CompletableFuture<>();
        tell(new Watch(
                Isolation.UNCOMMITTED,
                now.highWatermark(),
                now.logStartOffset(),
                new Watcher(blocking, () -> changed.complete(null))));
        return changed;
    }

    /** Counts records that this version cannot read. They stay in the log for a later version that can. */
    private static final class PassedOver implements StoredRecords.Unreadable {
        private int count;
        private long firstOffset;
        private @Nullable RuntimeException firstReason;

        @Override
        public void passedOver(long offset, @Nullable RuntimeException reason) {
            if (count++ == 0) {
                firstOffset = offset;
                firstReason = reason;
            }
        }

        String reason() {
            return firstReason == null ? "of an unknown kind" : firstReason.toString();
        }
    }

    private void report(PassedOver found) {
        if (found.count > 0 && toldOfPassedOver.compareAndSet(false, true)) {
            logger.warn(
                    "{}: {} records cannot be read and are ignored, the first at offset {}: {}",
                    partition,
                    found.count,
                    found.firstOffset,
                    found.reason());
        }
    }

    /** Finds the start or the end of the log; {@code leaderEpoch} is -1 for any. */
    CompletableFuture<TimestampOffset> find(OffsetSpec.Edge edge, int leaderEpoch) {
        CompletableFuture<Optional<TimestampOffset>> found = new CompletableFuture<>();
        tell(new FindOffset(edge, leaderEpoch, found));
        return found.thenApply(offset -> offset.orElse(NOTHING));
    }

    /**
     * Finds the end of the log, whether its last records are committed or not: in a new leader epoch it is known before
     * the high watermark is. {@code leaderEpoch} is -1 for any.
     */
    CompletableFuture<Long> logEndOffset(int leaderEpoch) {
        CompletableFuture<Optional<TimestampOffset>> found = new CompletableFuture<>();
        tell(new FindOffset(OffsetSpec.Edge.LATEST, Isolation.LOG_END, leaderEpoch, found));
        return found.thenApply(offset -> offset.orElse(NOTHING).offset());
    }

    /**
     * Passes the log from {@code offset} to the high watermark to {@code reader}, complete batches at a time.
     *
     * @param reader returns the offset after the batches, -1 if there were none
     * @param leaderEpoch fails when the partition has another leader epoch; -1 for any
     * @return the offset after the last batch
     */
    CompletableFuture<Long> read(ToLongFunction<ByteBuffer> reader, long offset, int leaderEpoch) {
        CompletableFuture<ReadResult> read = new CompletableFuture<>();
        tell(new Read(offset, READ_SIZE, true, leaderEpoch, read));
        return read.thenApplyAsync(result -> pass(reader, offset, result), blocking)
                .thenCompose(passed -> passed.isAll()
                        ? CompletableFuture.completedFuture(passed.end())
                        : read(reader, passed.end(), leaderEpoch));
    }

    /** The offset after the batches that were read, and whether there are no more. */
    private record Passed(long end, boolean isAll) {}

    private static Passed pass(ToLongFunction<ByteBuffer> reader, long offset, ReadResult result) {
        try (LogSlice records = result.records()) {
            byte[] bytes = new byte[records.size()];
            records.copyTo(bytes, 0);
            long next = reader.applyAsLong(ByteBuffer.wrap(bytes));
            return new Passed(Math.max(offset, next), next < 0 || next >= result.highWatermark());
        }
    }

    /** Delivers a command to the partition. */
    public void tell(PartitionCommand command) {
        partitions.tell(partition, command);
    }

    /** The Kafka error for a failure of the log. */
    public static Errors errorOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof StorageException ? Errors.KAFKA_STORAGE_ERROR : Errors.forException(cause);
    }
}
