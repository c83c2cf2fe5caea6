package io.aeon.api;

import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;

/**
 * The order by topic and number. Partitions that a client names are kept in trees of this order: in a hash table they may
 * all have the same place, because a topic's name and the number can be chosen so that the hashes are equal.
 */
public final class PartitionOrder {
    public static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private PartitionOrder() {}
}
