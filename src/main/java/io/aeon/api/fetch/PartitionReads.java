package io.aeon.api.fetch;

import io.aeon.api.ApiErrors;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.ReadResult;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.Metadata;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Reads and watches the partitions of fetch sessions, which name topics by name or by id. Thread-safe. */
final class PartitionReads {
    private final Metadata metadata;
    private final Partitions partitions;

    PartitionReads(Metadata metadata, Partitions partitions) {
        this.metadata = metadata;
        this.partitions = partitions;
    }

    /**
     * Reads from the partition's fetch offset; the future never fails.
     *
     * @param maxBytes upper bound of the records; if {@code atLeastOneBatch}, a larger first batch is returned whole
     */
    CompletableFuture<FetchResult> read(
            FetchPartition partition, int maxBytes, boolean atLeastOneBatch, Isolation isolation) {
        FetchPartition.Key key = partition.key();
        ResolvedTopic topic = topic(partition);
        Errors unknown = topic.error(key.index());
        if (unknown != Errors.NONE) {
            return CompletableFuture.completedFuture(FetchResult.failed(unknown));
        }
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        partitions.tell(
                new TopicPartition(topic.topic().name(), key.index()),
                new Read(
                        partition.fetchOffset(),
                        maxBytes,
                        atLeastOneBatch,
                        isolation,
                        partition.currentLeaderEpoch(),
                        reply));
        return reply.handle((read, failure) ->
                failure == null ? FetchResult.of(read, isolation) : FetchResult.failed(ApiErrors.of(failure)));
    }

    /** The result for a client that claims to be a replica of the partition: no other broker holds one. */
    FetchResult refusedToReplica(FetchPartition partition) {
        Errors unknown = topic(partition).error(partition.key().index());
        return FetchResult.failed(unknown == Errors.NONE ? Errors.NOT_LEADER_OR_FOLLOWER : unknown);
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
