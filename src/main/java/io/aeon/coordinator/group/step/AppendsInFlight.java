package io.aeon.coordinator.group.step;

import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The appends of a group whose result is not known yet. */
public final class AppendsInFlight {
    private final Map<Long, GroupStep.Planned> byId = new LinkedHashMap<>();
    private long last;

    /** Adds the appends of a step; returns them for the log. */
    public List<RecordsToStore> begin(List<GroupStep.Planned> appends) {
        List<RecordsToStore> begun = new ArrayList<>();
        for (GroupStep.Planned planned : appends) {
            long id = ++last;
            byId.put(id, planned);
            begun.add(new RecordsToStore(id, planned.records(), planned.writer()));
        }
        return begun;
    }

    /** Removes an append whose result is known, null if there is none with this id. */
    public GroupStep.@Nullable Planned end(long id) {
        return byId.remove(id);
    }

    public boolean isEmpty() {
        return byId.isEmpty();
    }

    /** Whether an append changes the members of the group. */
    public boolean changeMembers() {
        return byId.values().stream().anyMatch(GroupStep.Planned::changesMembers);
    }

    /** The partitions whose offsets an append commits or deletes. */
    public Set<TopicPartition> partitions() {
        Set<TopicPartition> partitions = new HashSet<>();
        byId.values()
                .forEach(planned -> planned.records().forEach(record -> {
                    if (record instanceof OffsetCommit commit) {
                        partitions.add(new TopicPartition(commit.topic(), commit.partition()));
                    }
                }));
        return partitions;
    }

    /** Whether the group's state contains records that are not durable. */
    public boolean areApplied() {
        return byId.values().stream().anyMatch(GroupStep.Planned::applied);
    }
}
