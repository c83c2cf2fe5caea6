package io.aeon.broker.coordinator;

import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.FindOffset;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.ReadResult;
import io.aeon.broker.partition.Partitions;
import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.RecordFormat;
import io.aeon.coordinator.Replayable;
import io.aeon.coordinator.StoredRecords;
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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One partition of a topic that stores the records of coordinators. Thread-safe. */
public final class CoordinatorLog {
    private static final Logger logger = LoggerFactory.getLogger(CoordinatorLog.class);
    private static final int READ_SIZE = 1 << 20;

    private final Partitions partitions;
    private final TopicPartition partition;
    private final Executor blocking;
    private final AtomicBoolean toldOfPassedOver = new AtomicBoolean();

    /** @param blocking threads that may block on the disk */
    public CoordinatorLog(Partitions partitions, TopicPartition partition, Executor blocking) {
        this.partitions = partitions;
        this.partition = partition;
        this.blocking = blocking;
    }

    public TopicPartition partition() {
        return partition;
    }

    /** Appends one batch; completes when it is durable. */
    public CompletableFuture<AppendResult> append(ByteBuffer batch) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        tell(new Append(batch, Acks.ALL, reply));
        return reply;
    }

    /**
     * Builds state machines from the records of the log.
     *
     * @param wanted selects the state machines by id
     * @param maker creates a state machine that does not exist yet
     */
    public <R, M extends Replayable<R>> CompletableFuture<List<M>> replay(
            RecordBatches batches, RecordFormat<R> format, Predicate<String> wanted, Function<String, M> maker) {
        PassedOver passedOver = new PassedOver();
        StoredRecords<R, M> records = new StoredRecords<>(batches, format, wanted, maker, passedOver);
        return replay(records::replay).thenApply(done -> {
            tell(passedOver);
            return records.existing();
        });
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

    private void tell(PassedOver found) {
        if (found.count > 0 && toldOfPassedOver.compareAndSet(false, true)) {
            logger.warn(
                    "{}: {} records cannot be read and are ignored, the first at offset {}: {}",
                    partition,
                    found.count,
                    found.firstOffset,
                    found.reason());
        }
    }

    /**
     * Passes the whole log to {@code reader}, complete batches at a time.
     *
     * @param reader returns the offset after the batches, -1 if there were none
     */
    private CompletableFuture<Void> replay(ToLongFunction<ByteBuffer> reader) {
        CompletableFuture<Optional<TimestampOffset>> start = new CompletableFuture<>();
        tell(new FindOffset(OffsetSpec.Edge.EARLIEST, -1, start));
        return start.thenCompose(
                found -> replay(reader, found.map(TimestampOffset::offset).orElse(0L)));
    }

    private CompletableFuture<Void> replay(ToLongFunction<ByteBuffer> reader, long offset) {
        CompletableFuture<ReadResult> read = new CompletableFuture<>();
        tell(new Read(offset, READ_SIZE, true, -1, read));
        return read.thenApplyAsync(result -> replay(reader, result), blocking)
                .thenCompose(next -> next < 0 ? CompletableFuture.completedFuture(null) : replay(reader, next));
    }

    /** The next offset to read; -1 at the end of the log. */
    private static long replay(ToLongFunction<ByteBuffer> reader, ReadResult result) {
        try (LogSlice records = result.records()) {
            byte[] bytes = new byte[records.size()];
            records.copyTo(bytes, 0);
            long next = reader.applyAsLong(ByteBuffer.wrap(bytes));
            return next < result.highWatermark() ? next : -1;
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
