package io.aeon.broker.group;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which groups have something to do when a producer's transaction ends in their partition. Thread-safe. */
final class PendingGroups {
    private final ConcurrentHashMap<Key, Set<String>> groups = new ConcurrentHashMap<>();

    private record Key(int partition, long producerId) {}

    /**
     * To be told between the append of the group's records and that of their marker: earlier the end of the producer's
     * transaction before would take it away.
     */
    void add(int partition, long producerId, String groupId) {
        groups.compute(new Key(partition, producerId), (key, known) -> {
            Set<String> pending = known == null ? ConcurrentHashMap.newKeySet() : known;
            pending.add(groupId);
            return pending;
        });
    }

    /** The groups to be told, which are forgotten here. */
    Set<String> take(int partition, long producerId) {
        Set<String> pending = groups.remove(new Key(partition, producerId));
        return pending == null ? Set.of() : pending;
    }

    /** The partition is to be read anew. */
    void forget(int partition) {
        groups.keySet().removeIf(key -> key.partition() == partition);
    }
}
