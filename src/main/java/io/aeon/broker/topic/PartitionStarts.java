package io.aeon.broker.topic;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * In which order partitions are started: those that somebody waits for first, and no more at once than keep the threads
 * busy that recover them. Not thread-safe.
 */
final class PartitionStarts {
    private final int atOnce;
    private final Set<TopicPartition> asked = new LinkedHashSet<>();
    private final Set<TopicPartition> inBackground = new LinkedHashSet<>();
    private boolean released;
    private int underWay;

    /** @param atOnce starts under way at the same time */
    PartitionStarts(int atOnce) {
        this.atOnce = atOnce;
    }

    /** Until this is called all starts wait. */
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

    /** Starts it when nobody waits for another. */
    void later(TopicPartition partition) {
        if (!asked.contains(partition)) {
            inBackground.add(partition);
        }
    }

    /** It must not be started any more. */
    void cancel(TopicPartition partition) {
        asked.remove(partition);
        inBackground.remove(partition);
    }

    /** The next one that can be started now. */
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
