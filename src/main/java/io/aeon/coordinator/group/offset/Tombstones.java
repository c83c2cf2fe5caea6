package io.aeon.coordinator.group.offset;

import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import io.aeon.coordinator.group.step.GroupStep;
import io.aeon.coordinator.group.step.GroupStep.Settlement;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Deletes offsets of a group in batches of limited size. */
final class Tombstones {
    /** The size of a batch, far below {@code message.max.bytes} as it usually is. */
    private static final int BATCH_BYTES = 150_000;

    /** The size of a tombstone with the longest name of a topic, without the group id. */
    private static final int TOMBSTONE_BYTES = 300;

    private final String groupId;
    private final int inABatch;

    Tombstones(String groupId) {
        this.groupId = groupId;
        this.inABatch = Math.max(1, BATCH_BYTES / (TOMBSTONE_BYTES + 3 * groupId.length()));
    }

    /** As {@link Offsets#remove}. */
    void append(GroupStep step, List<TopicPartition> partitions, List<GroupRecord> rest, Settlement whole) {
        int batches = Math.max(1, (partitions.size() + inABatch - 1) / inABatch);
        Settlement each = new LastOf(batches, whole);
        for (int batch = 0; batch < batches; batch++) {
            int from = batch * inABatch;
            int to = Math.min(partitions.size(), from + inABatch);
            List<GroupRecord> records = new ArrayList<>();
            partitions.subList(from, to).forEach(partition -> records.add(tombstone(partition)));
            if (batch == batches - 1) {
                records.addAll(rest);
            }
            step.append(records, each);
        }
    }

    private OffsetCommit tombstone(TopicPartition partition) {
        return new OffsetCommit(groupId, partition.topic(), partition.partition(), null);
    }

    /** Reacts when the results of all appends are known, with the first error among them. */
    private static final class LastOf implements Settlement {
        private final Settlement whole;
        private int left;
        private Errors first = Errors.NONE;

        LastOf(int appends, Settlement whole) {
            this.left = appends;
            this.whole = whole;
        }

        @Override
        public void settle(GroupStep step, Errors error, long baseOffset) {
            if (first == Errors.NONE) {
                first = error;
            }
            left--;
            if (left == 0) {
                whole.settle(step, first, baseOffset);
            }
        }
    }
}
