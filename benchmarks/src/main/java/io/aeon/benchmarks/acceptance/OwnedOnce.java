package io.aeon.benchmarks.acceptance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What the members of one group have seen: that no partition has two owners at a time, that no record is skipped, and
 * that committed offsets stay. Thread-safe.
 */
final class OwnedOnce {
    private final Map<TopicPartition, String> owners = new HashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private long repeated;

    synchronized void assigned(String member, Iterable<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            String owner = owners.put(partition, member);
            if (owner != null && !owner.equals(member)) {
                faults.add(partition + " was assigned to " + member + " while " + owner + " owned it");
            }
        }
    }

    synchronized void revoked(String member, Iterable<TopicPartition> partitions) {
        partitions.forEach(partition -> owners.remove(partition, member));
    }

    /** A record has come; those before it must have come to this group. */
    synchronized void delivered(TopicPartition partition, long offset) {
        long expected = next.getOrDefault(partition, 0L);
        if (offset > expected) {
            faults.add(partition + " skipped from " + expected + " to " + offset);
        }
        repeated += offset < expected ? 1 : 0;
        next.put(partition, Math.max(expected, offset + 1));
    }

    synchronized void committed(Map<TopicPartition, Long> offsets) {
        offsets.forEach((partition, offset) -> committed.merge(partition, offset, Math::max));
    }

    /** The largest acknowledged commits. */
    synchronized Map<TopicPartition, Long> committed() {
        return new HashMap<>(committed);
    }

    synchronized long delivered() {
        return next.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized long repeated() {
        return repeated;
    }

    synchronized int owned() {
        return owners.size();
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }
}
