package io.aeon.broker.group;

import io.aeon.broker.coordinator.CoordinatorLog;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.coordinator.group.ClassicGroup;
import io.aeon.coordinator.group.GroupLog;
import io.aeon.coordinator.group.GroupRecord;
import io.aeon.coordinator.transaction.TransactionalWriter;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * One partition of the offsets topic, as the groups whose records it keeps see it. Thread-safe.
 *
 * @param pending the groups that wait for the end of a transaction
 */
record OffsetsLog(GroupsSetup setup, int partition, PendingGroups pending) {
    /**
     * Appends one batch.
     *
     * @param writer whose transaction the records are a part of, null if of none
     * @param reply told when the batch is durable
     */
    void append(
            List<GroupRecord> records, @Nullable TransactionalWriter writer, CompletableFuture<AppendResult> reply) {
        ByteBuffer batch = GroupLog.batch(
                setup.batches(), records, writer, setup.clock().get().epochMs());
        Append append = new Append(batch, Acks.ALL, reply);
        if (batch.remaining() > setup.maxBatchBytes()) {
            append.fail(new RecordTooLargeException(batch.remaining() + " bytes of group records"));
        } else if (writer == null) {
            log().tell(append);
        } else {
            String groupId = records.get(0).groupId();
            var unused = reply.thenRun(() -> pending.add(writer.producerId(), groupId));
            setup.appends().append(writer, log().partition(), append);
        }
    }

    /** Ends a transaction here; what that means for the groups is for {@link Groups}. */
    void tell(AppendMarker marker) {
        log().tell(marker);
    }

    /** Builds groups from all that the log holds now: those {@code wanted} by their ids. */
    CompletableFuture<Map<String, ClassicGroup>> replay(Predicate<String> wanted) {
        GroupLog groups = new GroupLog(setup.batches(), wanted, setup::absent, log()::passedOver);
        return log().replay(groups::replay).thenApply(done -> groups.groups());
    }

    private CoordinatorLog log() {
        return new CoordinatorLog(setup.partitions(), new TopicPartition(GroupLog.TOPIC, partition), setup.blocking());
    }
}
