package io.aeon.broker.group;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The groups that wait for the end of a producer's transaction, by partition of the offsets topic. Thread-safe. */
final class PendingGroups {
    private final ConcurrentHashMap<Key, Set<String>> groups = new ConcurrentHashMap<>();

    private record Key(int partition, long producerId) {}

    /**
     * Adds a group. To be called between the append of the group's records and that of their marker; an earlier call
     * would be consumed by the end of the producer's previous transaction.
     */
    void add(int partition, long producerId, String groupId) {
        groups.compute(new Key(partition, producerId), (key, known) -> {
            Set<String> pending = known == null ? ConcurrentHashMap.newKeySet() : known;
            pending.add(groupId);
            return pending;
        });
    }

    /** Removes and returns the groups to notify. */
    Set<String> take(int partition, long producerId) {
        Set<String> pending = groups.remove(new Key(partition, producerId));
        return pending == null ? Set.of() : pending;
    }

    /** Removes the groups of a partition that is loaded again. */
    void forget(int partition) {
        groups.keySet().removeIf(key -> key.partition() == partition);
    }
}
