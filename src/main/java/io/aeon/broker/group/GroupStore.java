package io.aeon.broker.group;

import io.aeon.broker.coordinator.CoordinatorLog;
import io.aeon.broker.coordinator.CoordinatorStore;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.coordinator.RecordFormat;
import io.aeon.coordinator.StateMachine;
import io.aeon.coordinator.StoredRecords;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.group.Group;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupCommand.AppendFailed;
import io.aeon.coordinator.group.command.GroupCommand.Appended;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.GroupRecordFormat;
import io.aeon.coordinator.group.step.GroupEffects;
import io.aeon.coordinator.group.step.RecordsToStore;
import io.aeon.coordinator.group.step.RegexSearch;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/** The group records in one partition of the offsets topic. Thread-safe. */
final class GroupStore implements CoordinatorStore<GroupCommand, GroupEffects, GroupListing> {
    private static final RecordFormat<GroupRecord> FORMAT = new GroupRecordFormat();

    private final GroupsSetup setup;
    private final int partition;
    private final PendingGroups pending;
    private final CoordinatorLog log;

    GroupStore(GroupsSetup setup, TopicIdPartition partition, Partition role, PendingGroups pending) {
        this.setup = setup;
        this.partition = partition.partition();
        this.pending = pending;
        this.log = new CoordinatorLog(
                setup.partitions(), partition, role, setup.batches(), setup.snapshots(), setup.blocking());
    }

    @Override
    public Group absent(String id) {
        return setup.absent(id);
    }

    @Override
    public CompletableFuture<List<StateMachine<GroupCommand, GroupEffects, GroupListing>>> replay(
            Predicate<String> wanted) {
        return log.replay(FORMAT, wanted, this::absent).thenApply(groups -> {
            groups.forEach(group ->
                    group.pendingProducers().forEach(producerId -> pending.add(partition, producerId, group.id())));
            return List.copyOf(groups);
        });
    }

    @Override
    public boolean isSnapshotDue() {
        return log.isSnapshotDue();
    }

    @Override
    public CompletableFuture<Void> takeSnapshot(int leaderEpoch) {
        return log.takeSnapshot(leaderEpoch);
    }

    @Override
    public Work<GroupEffects> work(String id, Consumer<GroupCommand> outcomes) {
        return new Work<>() {
            @Override
            public void begin(GroupEffects effects) {
                effects.records().forEach(records -> append(id, records, outcomes));
                effects.searches().forEach(search -> run(search, outcomes));
            }

            @Override
            public void close() {}
        };
    }

    private void run(RegexSearch search, Consumer<GroupCommand> outcomes) {
        setup.blocking().execute(() -> outcomes.accept(search.run(setup.topics(), setup.clock())));
    }

    /** Appends records. The group learns that they are durable before it learns of the end of their transaction. */
    private void append(String groupId, RecordsToStore records, Consumer<GroupCommand> outcomes) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        TransactionalWriter writer = records.writer();
        var unused = reply.whenComplete((result, failure) -> {
            if (failure == null) {
                log.appended(result);
            }
            if (failure == null && writer != null) {
                pending.add(partition, writer.producerId(), groupId);
            }
            outcomes.accept(
                    failure == null
                            ? new Appended(records.id(), result.baseOffset())
                            : new AppendFailed(records.id(), CoordinatorLog.errorOf(failure)));
        });
        ByteBuffer batch = batch(records.records(), writer);
        Append append = log.toAppend(batch, reply);
        if (batch.remaining() > setup.maxBatchBytes().getAsInt()) {
            append.fail(new RecordTooLargeException(batch.remaining() + " bytes of group records"));
        } else if (writer == null) {
            log.tell(append);
        } else {
            setup.appends().append(writer, log.partition(), append);
        }
    }

    private ByteBuffer batch(List<GroupRecord> records, @Nullable TransactionalWriter writer) {
        List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> entries = StoredRecords.encode(FORMAT, records);
        long now = setup.clock().get().epochMs();
        return writer == null
                ? setup.batches().batch(entries, now)
                : setup.batches().transactionalBatch(entries, now, writer.producerId(), writer.producerEpoch());
    }
}
