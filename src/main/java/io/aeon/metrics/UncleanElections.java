package io.aeon.metrics;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.ImageChange;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts the leaders that were elected although they were not in sync. One thread at a time calls {@link #see}. */
final class UncleanElections {
    private final AtomicLong count = new AtomicLong();
    private @Nullable ClusterImage before;

    void see(ImageChange change) {
        ClusterImage known = before;
        if (known != null) {
            change.touched().forEach(topic -> known.topic(topic.id()).ifPresent(old -> compare(old, topic)));
        }
        before = change.image();
    }

    private void compare(Topic old, Topic topic) {
        for (Partition partition : topic.partitions()) {
            if (old.has(partition.index()) && isUnclean(old.partitions().get(partition.index()), partition)) {
                count.incrementAndGet();
            }
        }
    }

    private static boolean isUnclean(Partition old, Partition partition) {
        return partition.leader() >= 0
                && partition.leader() != old.leader()
                && !old.isr().contains(partition.leader());
    }

    long count() {
        return count.get();
    }
}
