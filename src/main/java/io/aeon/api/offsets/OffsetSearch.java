package io.aeon.api.offsets;

import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.PartitionCommand.FindBatch;
import io.aeon.broker.partition.PartitionCommand.FindOffset;
import io.aeon.broker.partition.PartitionCommand.FoundBatch;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.Partitions;
import io.aeon.protocol.BatchSearch;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.log.TimestampOffset;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;

/** Finds the offsets that ListOffsets asks for. It searches inside a batch on threads that may block. Thread-safe. */
final class OffsetSearch {
    private final Partitions partitions;
    private final Executor blocking;

    OffsetSearch(Partitions partitions, Executor blocking) {
        this.partitions = partitions;
        this.blocking = blocking;
    }

    /** A position in a partition; all fields are -1 if there is none. */
    record Place(long timestamp, long offset, int leaderEpoch) {
        static final Place NONE = new Place(-1, -1, -1);
        private static final short FIRST_WITH_LEADER_EPOCH = 4;

        /** @param version of the request; below 4 the response has no field for the epoch */
        void tell(ListOffsetsPartitionResponse result, short version) {
            result.setTimestamp(timestamp).setOffset(offset);
            if (version >= FIRST_WITH_LEADER_EPOCH) {
                result.setLeaderEpoch(leaderEpoch);
            }
        }
    }

    CompletableFuture<Place> find(TopicPartition partition, ListOffsetsPartition asked, Isolation isolation) {
        int epoch = asked.currentLeaderEpoch();
        long timestamp = asked.timestamp();
        if (timestamp == Timestamps.LATEST) {
            return edge(partition, OffsetSpec.Edge.LATEST, isolation, epoch);
        }
        if (timestamp == Timestamps.EARLIEST || timestamp == Timestamps.EARLIEST_LOCAL) {
            return edge(partition, OffsetSpec.Edge.EARLIEST, isolation, epoch);
        }
        if (timestamp == Timestamps.NEWEST) {
            return batch(partition, new OffsetSpec.Newest(), isolation, epoch).thenApplyAsync(this::newest, blocking);
        }
        if (timestamp >= 0) {
            return batch(partition, new OffsetSpec.AtOrAfter(timestamp), isolation, epoch)
                    .thenApplyAsync(found -> first(found, timestamp), blocking);
        }
        return CompletableFuture.completedFuture(Place.NONE);
    }

    private CompletableFuture<Place> edge(
            TopicPartition partition, OffsetSpec.Edge edge, Isolation isolation, int epoch) {
        CompletableFuture<Optional<TimestampOffset>> reply = new CompletableFuture<>();
        partitions.tell(partition, new FindOffset(edge, isolation, epoch, reply));
        return reply.thenApply(
                found -> found.map(place -> new Place(place.timestamp(), place.offset(), place.leaderEpoch()))
                        .orElse(Place.NONE));
    }

    private CompletableFuture<Optional<FoundBatch>> batch(
            TopicPartition partition, OffsetSpec.Search search, Isolation isolation, int epoch) {
        CompletableFuture<Optional<FoundBatch>> reply = new CompletableFuture<>();
        partitions.tell(partition, new FindBatch(search, isolation, epoch, reply));
        return reply;
    }

    private Place newest(Optional<FoundBatch> found) {
        return found.flatMap(batch ->
                        BatchSearch.latest(bytes(batch), batch.logStartOffset()).map(record -> place(record, batch)))
                .orElse(Place.NONE);
    }

    private Place first(Optional<FoundBatch> found, long timestamp) {
        return found.flatMap(batch -> BatchSearch.firstAtOrAfter(bytes(batch), timestamp, batch.logStartOffset())
                        .map(record -> place(record, batch)))
                .orElse(Place.NONE);
    }

    private static Place place(BatchSearch.Found record, FoundBatch batch) {
        return new Place(record.timestamp(), record.offset(), batch.leaderEpoch());
    }

    private static byte[] bytes(FoundBatch batch) {
        try (LogSlice slice = batch.records()) {
            byte[] bytes = new byte[slice.size()];
            slice.copyTo(bytes, 0);
            return bytes;
        }
    }
}
