package io.aeon.coordinator.group.offset;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.FakeTopics;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class PendingOffsetsTest {
    @Test
    void metadataIsCountedUntilTheTransactionEnds() {
        OffsetCommit commit =
                new OffsetCommit("group", "t", 0, new CommittedOffset(5, -1, "x".repeat(4000), 0, -1, Uuid.ZERO_UUID));
        PendingOffsets pending = new PendingOffsets(new FakeTopics(null));

        pending.add(7, commit, 0);
        pending.add(7, commit, 1);
        assertThat(pending.heapBytes()).isBetween(8000L, 12_000L);

        pending.end(7, false, new OffsetTable(new FakeTopics(null)));
        assertThat(pending.heapBytes()).isZero();
    }
}
