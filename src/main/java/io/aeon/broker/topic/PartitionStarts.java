package io.aeon.broker.topic;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * The order in which partitions are started: first those with waiting commands, and at most as many at once as keep all
 * recovery threads busy. Not thread-safe.
 */
final class PartitionStarts {
    private final int atOnce;
    private final Set<TopicPartition> asked = new LinkedHashSet<>();
    private final Set<TopicPartition> inBackground = new LinkedHashSet<>();
    private boolean released;
    private int underWay;

    /** @param atOnce maximum number of starts in progress at the same time */
    PartitionStarts(int atOnce) {
        this.atOnce = atOnce;
    }

    /** Allows starts; before this call they all wait. */
    void release() {
        released = true;
    }

    boolean areReleased() {
        return released;
    }

    void ask(TopicPartition partition) {
        inBackground.remove(partition);
        asked.add(partition);
    }

    /** Starts the partition when no partition with waiting commands is left. */
    void later(TopicPartition partition) {
        if (!asked.contains(partition)) {
            inBackground.add(partition);
        }
    }

    /** All partitions that wait to be started. */
    Set<TopicPartition> waiting() {
        Set<TopicPartition> waiting = new LinkedHashSet<>(asked);
        waiting.addAll(inBackground);
        return waiting;
    }

    /** The partition must not be started any more. */
    void cancel(TopicPartition partition) {
        asked.remove(partition);
        inBackground.remove(partition);
    }

    /** The next partition that can be started now. */
    Optional<TopicPartition> poll() {
        Set<TopicPartition> queue = asked.isEmpty() ? inBackground : asked;
        if (!released || underWay >= atOnce || queue.isEmpty()) {
            return Optional.empty();
        }
        Iterator<TopicPartition> first = queue.iterator();
        TopicPartition partition = first.next();
        first.remove();
        return Optional.of(partition);
    }

    void began() {
        underWay++;
    }

    void ended() {
        underWay--;
    }
}
