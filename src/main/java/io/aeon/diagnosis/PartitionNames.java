package io.aeon.diagnosis;

import java.util.Collection;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** The names of partitions in a line for a person. */
public final class PartitionNames {
    private static final int LISTED = 8;

    private PartitionNames() {}

    /** The first few names and the number of the others. */
    public static String of(Collection<TopicPartition> partitions) {
        String names =
                partitions.stream().limit(LISTED).map(TopicPartition::toString).collect(Collectors.joining(", "));
        return names + (partitions.size() > LISTED ? " and " + (partitions.size() - LISTED) + " more" : "");
    }
}
