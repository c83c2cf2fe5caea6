package io.aeon.metadata;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/** One state of the cluster's metadata. Immutable. */
public interface ClusterImage {
    String clusterId();

    /** Offset of the metadata log this image stands for; -1 before the first. */
    long offset();

    /** Feature levels of the cluster by Kafka's names (KIP-584); what is absent is off. */
    Map<String, Short> finalizedFeatures();

    /** All registered brokers, those out of service too. */
    Collection<Broker> brokers();

    Optional<Broker> broker(int id);

    Collection<Topic> topics();

    Optional<Topic> topic(String name);

    Optional<Topic> topic(Uuid id);

    /** The settings given for a topic itself, by Kafka's names; not the defaults. */
    Map<String, String> topicOverrides(String name);

    /** Dynamic settings of one broker by Kafka's names, of all brokers if {@code brokerId} is empty. */
    Map<String, String> brokerOverrides(String brokerId);

    /** Settings given for a consumer or share group, by Kafka's names. */
    Map<String, String> groupOverrides(String groupId);

    /**
     * A registered broker.
     *
     * @param epoch of its registration; grows from registration to registration
     * @param endpoints what it tells clients to connect to, by the listener's name
     * @param fenced out of service: it leads nothing and is told to no client
     * @param inControlledShutdown on its way out of service
     */
    record Broker(
            int id,
            long epoch,
            Optional<String> rack,
            Map<String, Endpoint> endpoints,
            boolean fenced,
            boolean inControlledShutdown) {}

    /** Where a listener of a broker is reached. */
    record Endpoint(String host, int port) {}

    /**
     * A topic.
     *
     * @param partitions by partition number
     */
    record Topic(String name, Uuid id, List<Partition> partitions) {
        /** Whether there is a partition of this number. */
        public boolean has(int partition) {
            return partition >= 0 && partition < partitions.size();
        }
    }

    /**
     * A partition of a topic.
     *
     * @param leader broker id, -1 if none
     */
    record Partition(int index, int leader, int leaderEpoch, List<Integer> replicas, List<Integer> isr) {
        /** Whether {@code broker} leads; the only replica does so also while none is elected, as after its own start. */
        public boolean isLedBy(int broker) {
            return leader == broker || (leader < 0 && replicas.equals(List.of(broker)));
        }
    }
}
