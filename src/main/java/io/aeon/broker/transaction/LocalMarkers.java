package io.aeon.broker.transaction;

import io.aeon.broker.group.GroupCoordinators;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.Partitions;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.group.GroupRecordFormat;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.logging.LimitedLines;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes transaction markers to the partitions that this broker leads. Thread-safe. */
public final class LocalMarkers implements TransactionMarkers {
    private static final LimitedLines lines =
            new LimitedLines(LoggerFactory.getLogger(LocalMarkers.class), System::nanoTime);

    private final Partitions partitions;
    private final GroupCoordinators groups;
    private final Metadata metadata;
    private final RecordBatches batches;
    private final Supplier<Now> clock;

    /** @param groups handles markers for the offsets topic */
    public LocalMarkers(
            Partitions partitions,
            GroupCoordinators groups,
            Metadata metadata,
            RecordBatches batches,
            Supplier<Now> clock) {
        this.partitions = partitions;
        this.groups = groups;
        this.metadata = metadata;
        this.batches = batches;
        this.clock = clock;
    }

    /**
     * {@inheritDoc}
     *
     * <p>A marker is no longer needed if the topic is not in the metadata, or if the log contains a later epoch of the
     * producer, whose first action ended the open transaction.
     */
    @Override
    public CompletableFuture<Void> send(Marker marker, int coordinatorEpoch) {
        TopicPartition partition = marker.partition();
        Optional<Topic> topic = metadata.image().topic(partition.topic());
        if (topic.isEmpty()) {
            lines.add(
                    Level.INFO,
                    () -> "The topic of " + partition + " is deleted; a transaction ends without a marker in it");
            return CompletableFuture.completedFuture(null);
        }
        return append(marker, coordinatorEpoch).<Void>thenApply(result -> null).exceptionally(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
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

    /** Appends the marker; fails with the error of the partition. */
    public CompletableFuture<AppendResult> append(Marker marker, int coordinatorEpoch) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        ByteBuffer batch = batches.endMarker(
                marker.producerId(),
                marker.producerEpoch(),
                coordinatorEpoch,
                marker.commit(),
                clock.get().epochMs());
        if (marker.partition().topic().equals(GroupRecordFormat.TOPIC)) {
            groups.end(marker, batch, reply);
        } else {
            partitions.tell(marker.partition(), new AppendMarker(batch, marker.transactionVersion(), reply));
        }
        return reply;
    }
}
