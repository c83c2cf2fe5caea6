package io.aeon.broker;

import io.aeon.coordinator.group.ClassicGroup;
import io.aeon.coordinator.group.GroupLog;
import io.aeon.coordinator.group.GroupRecord;
import io.aeon.storage.AppendResult;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** One partition of the offsets topic, as the groups whose records it keeps see it. Thread-safe. */
record OffsetsLog(GroupsSetup setup, int partition) {
    /** Appends one batch; done when it is durable. */
    CompletableFuture<AppendResult> append(List<GroupRecord> records) {
        ByteBuffer batch =
                GroupLog.batch(setup.batches(), records, setup.clock().get().epochMs());
        return batch.remaining() > setup.maxBatchBytes()
                ? CompletableFuture.failedFuture(
                        new RecordTooLargeException(batch.remaining() + " bytes of group records"))
                : log().append(batch);
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
