package io.aeon.coordinator.group;

import io.aeon.coordinator.group.consumer.StoredMembers;
import io.aeon.coordinator.group.environment.TopicIds;
import io.aeon.coordinator.group.offset.StoredOffsets;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;

/** The state of a group in the log. Equal by content. */
record StoredGroup(StoredMembers members, StoredOffsets offsets) {
    StoredGroup(TopicIds topics) {
        this(new StoredMembers(), new StoredOffsets(topics));
    }

    /** @param producerId producer to whose transaction the record belongs, -1 if there is none */
    void replay(GroupRecord record, long producerId, long offset) {
        if (record instanceof OffsetCommit commit) {
            offsets.replay(commit, producerId, offset);
        } else {
            members.apply(record);
        }
    }

    boolean isEmpty() {
        return members.isEmpty() && offsets.isEmpty();
    }
}
