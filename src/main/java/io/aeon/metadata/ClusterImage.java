package io.aeon.metadata;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/** One state of the cluster's metadata. Immutable. */
public interface ClusterImage {
    String clusterId();

    /** Offset of the metadata log this image stands for. */
    long offset();

    Collection<Topic> topics();

    Optional<Topic> topic(String name);

    Optional<Topic> topic(Uuid id);

    /** The settings given for a topic itself, by Kafka's names; not the defaults. */
    Map<String, String> topicOverrides(String name);

    /** Settings given for this broker or for all brokers (dynamic), by Kafka's names. */
    Map<String, String> brokerOverrides();

    /**
     * A topic.
     *
     * @param partitions by partition number
     */
    record Topic(String name, Uuid id, List<Partition> partitions) {}

    /**
     * A partition of a topic.
     *
     * @param leader broker id, -1 if none
     */
    record Partition(int index, int leader, int leaderEpoch, List<Integer> replicas, List<Integer> isr) {}
}
