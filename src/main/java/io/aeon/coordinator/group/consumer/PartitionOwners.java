package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The member that owns each partition. */
final class PartitionOwners {
    private final Map<Uuid, Map<Integer, String>> topics = new HashMap<>();
    private int size;

    void add(String memberId, @Nullable PartitionsByTopic partitions) {
        if (partitions != null) {
            partitions.topics().forEach((topic, numbers) -> {
                Map<Integer, String> owners = topics.computeIfAbsent(topic, absent -> new HashMap<>());
                numbers.forEach(number -> {
                    if (owners.put(number, memberId) == null) {
                        size++;
                    }
                });
            });
        }
    }

    /** Removes partitions from a member; a partition that another member has taken in the meantime stays with that. */
    void remove(String memberId, @Nullable PartitionsByTopic partitions) {
        if (partitions != null) {
            partitions
                    .topics()
                    .forEach((topic, numbers) -> topics.computeIfPresent(topic, (same, owners) -> {
                        numbers.forEach(number -> {
                            if (owners.remove(number, memberId)) {
                                size--;
                            }
                        });
                        return owners.isEmpty() ? null : owners;
                    }));
        }
    }

    /** The number of partitions with an owner. */
    int size() {
        return size;
    }

    /** The owner's member id, null if there is none. */
    @Nullable
    String of(Uuid topic, int partition) {
        Map<Integer, String> owners = topics.get(topic);
        return owners == null ? null : owners.get(partition);
    }
}
