package io.aeon.broker;

import io.aeon.broker.PartitionCommand.Acks;
import io.aeon.broker.PartitionCommand.Append;
import io.aeon.broker.PartitionCommand.FindOffset;
import io.aeon.broker.PartitionCommand.Read;
import io.aeon.broker.PartitionCommand.ReadResult;
import io.aeon.coordinator.group.ClassicGroup;
import io.aeon.coordinator.group.GroupLog;
import io.aeon.coordinator.group.GroupRecord;
import io.aeon.storage.AppendResult;
import io.aeon.storage.LogSlice;
import io.aeon.storage.StorageException;
import io.aeon.storage.TimestampOffset;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One partition of the offsets topic, as the groups whose records it keeps see it. Thread-safe. */
record OffsetsLog(GroupsSetup setup, int partition) {
    private static final Logger logger = LoggerFactory.getLogger(OffsetsLog.class);
    private static final int READ_SIZE = 1 << 20;

    /** Appends one batch; done when it is durable. */
    CompletableFuture<AppendResult> append(List<GroupRecord> records) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        ByteBuffer batch =
                GroupLog.batch(setup.batches(), records, setup.clock().get().epochMs());
        if (batch.remaining() > setup.maxBatchBytes()) {
            reply.completeExceptionally(new RecordTooLargeException(batch.remaining() + " bytes of group records"));
        } else {
            tell(new Append(batch, Acks.ALL, reply));
        }
        return reply;
    }

    /** Builds groups from all that the log holds now: those {@code wanted} by their ids. */
    CompletableFuture<Map<String, ClassicGroup>> replay(Predicate<String> wanted) {
        GroupLog log = new GroupLog(setup.batches(), wanted, setup::absent, this::passedOver);
        CompletableFuture<Optional<TimestampOffset>> start = new CompletableFuture<>();
        tell(new FindOffset(OffsetSpec.Edge.EARLIEST, -1, start));
        return start.thenCompose(
                        found -> replay(log, found.map(TimestampOffset::offset).orElse(0L)))
                .thenApply(done -> log.groups());
    }

    private void passedOver(long offset, RuntimeException reason) {
        logger.error(
                "{}-{}: the record at offset {} cannot be read, it is passed over",
                GroupLog.TOPIC,
                partition,
                offset,
                reason);
    }

    private CompletableFuture<Void> replay(GroupLog log, long offset) {
        CompletableFuture<ReadResult> read = new CompletableFuture<>();
        tell(new Read(offset, READ_SIZE, true, -1, read));
        return read.thenApplyAsync(result -> replay(log, result), setup.blocking())
                .thenCompose(next -> next < 0 ? CompletableFuture.completedFuture(null) : replay(log, next));
    }

    /** Where to go on reading, -1 at the end of the log. */
    private static long replay(GroupLog log, ReadResult result) {
        try (LogSlice records = result.records()) {
            byte[] bytes = new byte[records.size()];
            records.copyTo(bytes, 0);
            long next = log.replay(ByteBuffer.wrap(bytes));
            return next < result.highWatermark() ? next : -1;
        }
    }

    private void tell(PartitionCommand command) {
        setup.partitions().tell(new TopicPartition(GroupLog.TOPIC, partition), command);
    }

    /** The error that stands for a failure of the log. */
    static Errors errorOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof StorageException ? Errors.KAFKA_STORAGE_ERROR : Errors.forException(cause);
    }
}
