package io.aeon.api.fetch;

import io.aeon.api.ApiErrors;
import io.aeon.api.BrokerNodes;
import io.aeon.api.ClientConnection;
import io.aeon.api.CurrentLeader;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.broker.partition.Follower;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.FollowerRead;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.NearbyRead;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.replica.ReplicaThrottle;
import io.aeon.counters.BrokerCounters;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.Metadata;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Reads and watches the partitions of fetch sessions, which name topics by name or by id. Thread-safe. */
final class PartitionReads {
    private final Metadata metadata;
    private final Partitions partitions;
    private final ReplicaThrottle throttle;
    private final ReadReplicas replicas;
    private final BrokerCounters counters;

    /**
     * @param throttle slows down what followers read
     * @param replicas from which consumers may read instead of this broker
     */
    PartitionReads(
            Metadata metadata,
            Partitions partitions,
            ReplicaThrottle throttle,
            ReadReplicas replicas,
            BrokerCounters counters) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.throttle = throttle;
        this.replicas = replicas;
        this.counters = counters;
    }

    /**
     * Reads from the partition's fetch offset; the future never fails.
     *
     * @param maxBytes upper bound of the records; if {@code atLeastOneBatch}, a larger first batch is returned whole
     * @param follower the broker that reads as a follower; null for a consumer
     * @param nearby brokers from which a consumer is to read, if they can serve it
     */
    CompletableFuture<FetchResult> read(
            FetchPartition partition,
            int maxBytes,
            boolean atLeastOneBatch,
            Isolation isolation,
            @Nullable Follower follower,
            Set<Integer> nearby) {
        FetchPartition.Key key = partition.key();
        ResolvedTopic topic = topic(partition);
        Errors unknown = topic.error(key.index());
        if (unknown != Errors.NONE) {
            return CompletableFuture.completedFuture(FetchResult.failed(unknown));
        }
        TopicPartition name = new TopicPartition(topic.topic().name(), key.index());
        boolean isHeld = follower != null && isHeld(name, topic, follower);
        partition.countedBy(counters.topic(name.topic()));
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        Read read = new Read(
                partition.fetchOffset(),
                isHeld ? 0 : maxBytes,
                atLeastOneBatch && !isHeld,
                isolation,
                partition.currentLeaderEpoch(),
                partition.lastFetchedEpoch(),
                reply);
        partitions.tell(
                name,
                follower != null
                        ? new FollowerRead(read, follower, partition.followersLogStart())
                        : nearby.isEmpty() ? read : orRedirect(read, nearby, topic.partition(key.index())));
        return reply.handle((result, failure) ->
                failure == null ? FetchResult.of(result, isolation) : FetchResult.failed(ApiErrors.of(failure)));
    }

    private PartitionCommand orRedirect(Read read, Set<Integer> nearby, Partition state) {
        return state.isLedBy(metadata.nodeId()) && state.isr().stream().anyMatch(nearby::contains)
                ? new NearbyRead(read, nearby)
                : read;
    }

    /** The other brokers in the rack of a consumer, if it should read there. */
    Set<Integer> nearby(String rack) {
        return replicas.in(rack);
    }

    /** Whether a follower has to be told at once what has changed although there are no new records. */
    boolean isNews(FetchPartition partition, FetchResult result) {
        return partition.startsElsewhere(result)
                || (replicas.areFollowers()
                        && result.hasNothingAt(partition.fetchOffset())
                        && partition.isCommittedElsewhere(result));
    }

    /** Whether a follower gets no records now; the leader notes its position all the same. */
    private boolean isHeld(TopicPartition name, ResolvedTopic topic, Follower follower) {
        return throttle.holds(name) && !topic.partition(name.partition()).isr().contains(follower.broker());
    }

    /** Counts the records of one partition that are sent to a follower. */
    void sent(FetchPartition partition, long bytes) {
        ResolvedTopic topic = topic(partition);
        if (topic.exists()) {
            throttle.copied(
                    new TopicPartition(topic.topic().name(), partition.key().index()), bytes);
        }
    }

    /** The leader that the metadata has; null if the partition does not exist. */
    @Nullable
    CurrentLeader currentLeader(FetchPartition partition, ClientConnection client) {
        return CurrentLeader.of(topic(partition), partition.key().index(), BrokerNodes.seenFrom(client, metadata));
    }

    /** False if the metadata has another broker as the leader. */
    boolean isLedHere(FetchPartition partition) {
        ResolvedTopic topic = topic(partition);
        int index = partition.key().index();
        return topic.error(index) != Errors.NONE || topic.partition(index).isLedBy(metadata.nodeId());
    }

    /** The newest metadata. */
    ClusterImage image() {
        return metadata.image();
    }

    /** Whether the metadata has the broker in the partition's ISR. */
    boolean isInSync(FetchPartition partition, int broker) {
        ResolvedTopic topic = topic(partition);
        int index = partition.key().index();
        return topic.error(index) == Errors.NONE && topic.partition(index).isr().contains(broker);
    }

    /** Sends the partition a watch of its own. */
    void watch(FetchPartition partition, Watch watch) {
        ResolvedTopic topic = topic(partition);
        if (topic.exists()) {
            partitions.tell(
                    new TopicPartition(topic.topic().name(), partition.key().index()), watch);
        } else {
            watch.watcher().wake();
        }
    }

    private ResolvedTopic topic(FetchPartition partition) {
        TopicResolver topics = new TopicResolver(metadata.image());
        FetchPartition.Key key = partition.key();
        if (!key.isById()) {
            return topics.byName(key.topic());
        }
        String formerName = partition.topicName();
        ResolvedTopic topic = formerName == null ? topics.byId(key.topicId()) : topics.byId(key.topicId(), formerName);
        if (formerName == null && topic.exists()) {
            partition.resolved(topic.topic().name());
        }
        return topic;
    }
}
