package io.aeon.api.fetch;

import io.aeon.api.ApiErrors;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.ReadResult;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/** Reads and watches the partitions of fetch sessions, which may name them by topic id. Thread-safe. */
final class PartitionReads {
    private final Metadata metadata;
    private final Partitions partitions;

    PartitionReads(Metadata metadata, Partitions partitions) {
        this.metadata = metadata;
        this.partitions = partitions;
    }

    /**
     * Reads on from the partition's fetch offset; never fails.
     *
     * @param maxBytes at most, but for a first batch that is larger if {@code atLeastOneBatch}
     */
    CompletableFuture<FetchResult> read(
            FetchPartition partition, int maxBytes, boolean atLeastOneBatch, Isolation isolation) {
        FetchPartition.Key key = partition.key();
        boolean byId = !key.topicId().equals(Uuid.ZERO_UUID);
        Optional<ClusterImage.Topic> topic = topic(key);
        if (topic.isEmpty()) {
            return failed(byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (key.index() < 0 || key.index() >= topic.get().partitions().size()) {
            return failed(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        partitions.tell(
                new TopicPartition(topic.get().name(), key.index()),
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

    /** Has the partition woken as soon as it is not what {@code seen} says. */
    void watch(FetchPartition partition, FetchResult seen) {
        topic(partition.key())
                .ifPresentOrElse(
                        topic -> partitions.tell(
                                new TopicPartition(topic.name(), partition.key().index()),
                                new Watch(seen.isolation(), seen.endOffset(), seen.logStartOffset(), partition)),
                        partition::wake);
    }

    private Optional<ClusterImage.Topic> topic(FetchPartition.Key key) {
        ClusterImage image = metadata.image();
        return key.topicId().equals(Uuid.ZERO_UUID) ? image.topic(key.topic()) : image.topic(key.topicId());
    }

    private static CompletableFuture<FetchResult> failed(Errors error) {
        return CompletableFuture.completedFuture(FetchResult.failed(error));
    }
}
