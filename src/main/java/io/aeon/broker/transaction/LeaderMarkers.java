package io.aeon.broker.transaction;

import io.aeon.broker.transaction.OtherBrokers.SentMarker;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.logging.LimitedLines;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Sends transaction markers to the leaders of their partitions, on this broker or another one. Thread-safe. */
public final class LeaderMarkers implements TransactionMarkers {
    private static final LimitedLines lines =
            new LimitedLines(LoggerFactory.getLogger(LeaderMarkers.class), System::nanoTime);

    private final Metadata metadata;
    private final TransactionMarkers here;
    private final OtherBrokers others;

    /** @param here writes the markers of partitions that this broker leads */
    public LeaderMarkers(Metadata metadata, TransactionMarkers here, OtherBrokers others) {
        this.metadata = metadata;
        this.here = here;
        this.others = others;
    }

    /**
     * {@inheritDoc}
     *
     * <p>A marker is no longer needed if the partition is not in the metadata, or if its log contains a later epoch of
     * the producer, whose first action ended the open transaction.
     */
    @Override
    public CompletableFuture<Void> send(Marker marker, int coordinatorEpoch) {
        TopicPartition partition = marker.partition();
        Optional<Topic> topic =
                metadata.image().topic(partition.topic()).filter(found -> found.has(partition.partition()));
        if (topic.isEmpty()) {
            lines.add(
                    Level.INFO,
                    () -> "The topic of " + partition + " is deleted; a transaction ends without a marker in it");
            return CompletableFuture.completedFuture(null);
        }
        return send(topic.get().partitions().get(partition.partition()), marker, coordinatorEpoch)
                .exceptionally(failure -> {
                    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
                    if (cause instanceof InvalidProducerEpochException) {
                        lines.add(
                                Level.INFO,
                                () -> partition + " no longer needs a marker of producer " + marker.producerId() + ": "
                                        + cause.getMessage());
                        return null;
                    }
                    throw new CompletionException(cause);
                });
    }

    private CompletableFuture<Void> send(Partition partition, Marker marker, int coordinatorEpoch) {
        return partition.isLedBy(metadata.nodeId())
                ? here.send(marker, coordinatorEpoch)
                : others.write(partition.leader(), new SentMarker(marker, coordinatorEpoch));
    }
}
