package io.aeon.broker.group;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which groups of an offsets partition have something to do when a producer's transaction ends. Thread-safe. */
final class PendingGroups {
    private final ConcurrentHashMap<Long, Set<String>> byProducer = new ConcurrentHashMap<>();

    /**
     * To be told between the append of the group's records and that of their marker: earlier the end of the producer's
     * transaction before would take it away.
     */
    void add(long producerId, String groupId) {
        byProducer.compute(producerId, (id, known) -> {
            Set<String> groups = known == null ? ConcurrentHashMap.newKeySet() : known;
            groups.add(groupId);
            return groups;
        });
    }

    /** The groups to be told, which are forgotten here. */
    Set<String> take(long producerId) {
        Set<String> groups = byProducer.remove(producerId);
        return groups == null ? Set.of() : groups;
    }
}
