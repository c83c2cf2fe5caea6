package io.aeon.metrics;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.ImageChange;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens to leaders and in-sync replicas, as the metadata tell it. One thread at a time calls
 * {@link #see}.
 */
final class PartitionChanges {
    private final int self;
    private final AtomicLong uncleanElections = new AtomicLong();
    private final AtomicLong isrShrinks = new AtomicLong();
    private final AtomicLong isrExpands = new AtomicLong();
    private @Nullable ClusterImage before;

    /** @param self id of this broker */
    PartitionChanges(int self) {
        this.self = self;
    }

    void see(ImageChange change) {
        ClusterImage known = before;
        if (known != null) {
            change.touched().forEach(topic -> known.topic(topic.id()).ifPresent(old -> compare(old, topic)));
        }
        before = change.image();
    }

    private void compare(Topic old, Topic topic) {
        for (Partition partition : topic.partitions()) {
            if (old.has(partition.index())) {
                compare(old.partitions().get(partition.index()), partition);
            }
        }
    }

    private void compare(Partition old, Partition partition) {
        if (isUnclean(old, partition)) {
            uncleanElections.incrementAndGet();
        }
        if (old.leader() == self && partition.leader() == self) {
            count(!partition.isr().containsAll(old.isr()), isrShrinks);
            count(!old.isr().containsAll(partition.isr()), isrExpands);
        }
    }

    private static void count(boolean happened, AtomicLong changes) {
        if (happened) {
            changes.incrementAndGet();
        }
    }

    private static boolean isUnclean(Partition old, Partition partition) {
        return partition.leader() >= 0 && partition.leader() != old.leader() && !old.isEligible(partition.leader());
    }

    /** Leaders that may have lacked committed records when they were elected, in the whole cluster. */
    long uncleanElections() {
        return uncleanElections.get();
    }

    /** How often replicas left the ISR of a partition that this broker leads. */
    long isrShrinks() {
        return isrShrinks.get();
    }

    /** How often replicas joined the ISR of a partition that this broker leads. */
    long isrExpands() {
        return isrExpands.get();
    }
}
