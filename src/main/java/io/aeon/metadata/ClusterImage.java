package io.aeon.metadata;

import io.aeon.config.ListenerSettings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.DirectoryId;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/** The cluster's metadata as of one offset of the metadata log. Immutable. */
public interface ClusterImage {
    String clusterId();

    /** Offset of the last metadata record in this image; -1 for the empty image. */
    long offset();

    /** Finalized feature levels by feature name (KIP-584); a missing feature has level 0. */
    Map<String, Short> finalizedFeatures();

    /** Whether groups may use the consumer protocol of KIP-848 ({@code group.version}). */
    boolean allowsConsumerProtocol();

    /** The finalized level of {@code transaction.version} (KIP-890). */
    short transactionVersion();

    /** All registered brokers, including fenced ones. */
    Collection<Broker> brokers();

    Optional<Broker> broker(int id);

    Collection<Topic> topics();

    Optional<Topic> topic(String name);

    Optional<Topic> topic(Uuid id);

    /** The settings given for the topic itself, by Kafka's setting names, without defaults. */
    Map<String, String> topicOverrides(String name);

    /** Dynamic settings of one broker by Kafka's setting names; the cluster-wide ones if {@code brokerId} is empty. */
    Map<String, String> brokerOverrides(String brokerId);

    /** Settings given for a consumer or share group, by Kafka's setting names. */
    Map<String, String> groupOverrides(String groupId);

    /** The groups that settings are given for. */
    Collection<String> configuredGroups();

    /** The quotas of each entity by their keys (KIP-546). */
    Map<ClientQuotaEntity, Map<String, Double>> clientQuotas();

    /**
     * The quotas that a filter selects.
     *
     * @throws org.apache.kafka.common.errors.InvalidRequestException the filter contradicts itself
     */
    DescribeClientQuotasResponseData describeClientQuotas(DescribeClientQuotasRequestData request);

    /** How many SCRAM credentials the users have, one for each mechanism (KIP-554). */
    int scramCredentials();

    /** Which SCRAM credentials the given users have, or all; each user has its own result. */
    DescribeUserScramCredentialsResponseData describeScramCredentials(DescribeUserScramCredentialsRequestData request);

    /** The subscriptions to client metrics (KIP-714): the settings given for each, by the subscription's name. */
    Map<String, Map<String, String>> metricsSubscriptions();

    /**
     * A registered broker.
     *
     * @param epoch broker epoch of its registration; each registration gets a higher one
     * @param endpoints advertised addresses by the listener's name in the cluster
     * @param fenced whether the broker is out of service: it leads no partition and clients do not see it
     * @param inControlledShutdown whether the broker is in a controlled shutdown
     * @param onlineDirectories ids of its data directories that have not failed, in order; empty if it has told none
     */
    record Broker(
            int id,
            long epoch,
            Optional<String> rack,
            Map<String, Endpoint> endpoints,
            boolean fenced,
            boolean inControlledShutdown,
            List<Uuid> onlineDirectories) {
        /**
         * The address of the broker's listener that has the same name in the cluster as this broker's {@code listener}.
         */
        public Optional<Endpoint> endpoint(String listener) {
            return Optional.ofNullable(endpoints.get(ListenerSettings.nameInCluster(listener)));
        }

        /** Whether a replica in this data directory is online: the directory has neither failed nor been given up. */
        public boolean hasOnline(Uuid directory) {
            return DirectoryId.isOnline(directory, onlineDirectories);
        }

        /** The address for the first of this broker's {@code listeners} that the broker has too, or else any one. */
        public Optional<Endpoint> endpoint(List<String> listeners) {
            return listeners.stream()
                    .flatMap(listener -> endpoint(listener).stream())
                    .findFirst()
                    .or(() -> endpoints.values().stream().findFirst());
        }
    }

    /** The advertised address of a listener. */
    record Endpoint(String host, int port) {}

    /**
     * A topic.
     *
     * @param partitions the topic's partitions, at the index of their partition number
     */
    record Topic(String name, Uuid id, List<Partition> partitions) {
        /** Whether the topic has a partition with this number. */
        public boolean has(int partition) {
            return partition >= 0 && partition < partitions.size();
        }
    }

    /**
     * The eligible leader replicas of a partition (KIP-966).
     *
     * @param replicas ids of the brokers that left the ISR when it had min.insync.replicas members or fewer, and may be
     *     elected without loss while no replica is in sync
     * @param lastKnown ids of those that have registered since in a way that does not prove that they kept their
     *     records
     */
    record Eligible(List<Integer> replicas, List<Integer> lastKnown) {
        public static final Eligible NONE = new Eligible(List.of(), List.of());
    }

    /**
     * A partition of a topic.
     *
     * @param partitionEpoch rises with every change of the partition
     * @param leader broker id, -1 while no leader is elected
     * @param replicas ids of the brokers that have a replica
     * @param isr ids of the in-sync replicas
     * @param eligible the replicas outside the ISR that have all committed records too
     * @param directories ids of the data directories that hold the replicas, in their order; zero if none is recorded,
     *     {@link #LOST} if the replica's broker has given it up
     */
    record Partition(
            int index,
            int partitionEpoch,
            int leader,
            int leaderEpoch,
            List<Integer> replicas,
            List<Integer> isr,
            Eligible eligible,
            List<Uuid> directories) {
        /**
         * The directory of a replica that lacks records: it is not elected, as if its data directory had failed
         * (KIP-858).
         */
        public static final Uuid LOST = DirectoryId.LOST;

        /** The id of the data directory that holds the replica of {@code broker}; empty if none is recorded. */
        public Optional<Uuid> directory(int broker) {
            return Optional.of(replicas.indexOf(broker))
                    .filter(index -> index >= 0)
                    .map(directories::get)
                    .filter(id -> !id.equals(Uuid.ZERO_UUID) && !id.equals(LOST));
        }

        /**
         * Whether {@code broker} has given up its replica, which is in sync again at the earliest when it is copied.
         */
        public boolean isGivenUp(int broker) {
            int index = replicas.indexOf(broker);
            return index >= 0 && directories.get(index).equals(LOST);
        }

        /** Whether {@code broker} has all committed records, so that nothing is lost if it is elected. */
        public boolean isEligible(int broker) {
            return isr.contains(broker) || eligible.replicas().contains(broker);
        }

        /** Whether a leader is elected that is not {@code broker}. */
        public boolean isLedByOther(int broker) {
            return leader >= 0 && leader != broker;
        }

        /**
         * Whether {@code broker} leads the partition. A sole replica counts as the leader also while no leader is
         * elected, as after its own start.
         */
        public boolean isLedBy(int broker) {
            return leader == broker || (leader < 0 && replicas.equals(List.of(broker)));
        }
    }
}
