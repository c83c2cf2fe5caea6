package io.aeon.api.offsets;

import io.aeon.api.ClientConnection;
import io.aeon.api.offsets.SearchedBatches.Answer;
import io.aeon.api.offsets.SearchedBatches.Batch;
import io.aeon.broker.partition.FoundBatch;
import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.PartitionCommand.FindBatch;
import io.aeon.broker.partition.PartitionCommand.FindOffset;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.Partitions;
import io.aeon.protocol.BatchSearch;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.log.TimestampOffset;
import io.aeon.threads.FairExecutor;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;

/**
 * Finds the offsets that ListOffsets asks for. It searches inside a batch on threads that may block; compressed batches
 * are searched in turns of the clients' connections. Thread-safe.
 */
final class OffsetSearch {
    private final Partitions partitions;
    private final Executor blocking;
    private final FairExecutor turns;
    private final SearchedBatches known = new SearchedBatches();

    /** @param turns runs the searches in compressed batches */
    OffsetSearch(Partitions partitions, Executor blocking, FairExecutor turns) {
        this.partitions = partitions;
        this.blocking = blocking;
        this.turns = turns;
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

    /** @param client asks; it gets no answer from a compressed batch if it is gone before its turn */
    CompletableFuture<Place> find(
            TopicPartition partition, ListOffsetsPartition asked, Isolation isolation, ClientConnection client) {
        int epoch = asked.currentLeaderEpoch();
        long timestamp = asked.timestamp();
        if (timestamp == Timestamps.LATEST) {
            return edge(partition, OffsetSpec.Edge.LATEST, isolation, epoch);
        }
        if (timestamp == Timestamps.EARLIEST || timestamp == Timestamps.EARLIEST_LOCAL) {
            return edge(partition, OffsetSpec.Edge.EARLIEST, isolation, epoch);
        }
        if (timestamp == Timestamps.NEWEST) {
            return search(partition, new OffsetSpec.Newest(), isolation, epoch, client);
        }
        if (timestamp >= 0) {
            return search(partition, new OffsetSpec.AtOrAfter(timestamp), isolation, epoch, client);
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

    private CompletableFuture<Place> search(
            TopicPartition partition,
            OffsetSpec.Search asked,
            Isolation isolation,
            int epoch,
            ClientConnection client) {
        CompletableFuture<Optional<FoundBatch>> reply = new CompletableFuture<>();
        partitions.tell(partition, new FindBatch(asked, isolation, epoch, reply));
        return reply.thenComposeAsync(
                found -> found.map(batch -> search(partition, asked, batch, client)
                                .thenCompose(step -> step.isLast()
                                        ? CompletableFuture.completedFuture(step.place())
                                        : search(partition, asked.from(step.next()), isolation, epoch, client)
                                                .thenApply(step::orLater)))
                        .orElse(CompletableFuture.completedFuture(Place.NONE)),
                blocking);
    }

    /**
     * The answer from one batch.
     *
     * @param wanted the timestamp for which the batch was taken; its record may be deleted
     * @param next offset after the batch
     */
    private record Step(Place place, long wanted, long next) {
        static Step of(OffsetSpec.Search asked, BatchSearch search, Answer answer, FoundBatch batch) {
            Place place = answer.found()
                    .map(record -> new Place(record.timestamp(), record.offset(), batch.leaderEpoch()))
                    .orElse(Place.NONE);
            long wanted = asked instanceof OffsetSpec.AtOrAfter time ? time.timestamp() : search.maxTimestamp();
            return new Step(place, wanted, search.lastOffset() + 1);
        }

        /** Whether no later batch can have a better answer. */
        boolean isLast() {
            return place.timestamp() >= wanted;
        }

        Place orLater(Place later) {
            return later.timestamp() > place.timestamp() ? later : place;
        }
    }

    /** Closes the batch. While it waits for its turn, its bytes are not in memory. */
    private CompletableFuture<Step> search(
            TopicPartition partition, OffsetSpec.Search asked, FoundBatch found, ClientConnection client) {
        CompletableFuture<Step> step = new CompletableFuture<>();
        boolean later = false;
        try {
            BatchSearch search = BatchSearch.in(bytes(found.records()));
            Optional<Answer> answer = search.isCompressed()
                    ? known.known(Batch.of(partition, search, found.logStartOffset()), asked)
                    : Optional.of(Answer.of(asked, search, found.logStartOffset()));
            answer.ifPresent(told -> step.complete(Step.of(asked, search, told, found)));
            if (answer.isEmpty()) {
                turns.execute(client, () -> decompress(partition, asked, found, client, step));
                later = true;
            }
        } finally {
            if (!later) {
                found.records().close();
            }
        }
        return step;
    }

    private CompletionStage<?> decompress(
            TopicPartition partition,
            OffsetSpec.Search asked,
            FoundBatch found,
            ClientConnection client,
            CompletableFuture<Step> step) {
        try (LogSlice records = found.records()) {
            if (client.hasEnded()) {
                throw new TimeoutException("The connection has ended.");
            }
            BatchSearch search = BatchSearch.in(bytes(records));
            Batch batch = Batch.of(partition, search, found.logStartOffset());
            Answer answer = known.known(batch, asked).orElseGet(() -> Answer.of(asked, search, batch.from()));
            known.remember(batch, answer);
            step.complete(Step.of(asked, search, answer, found));
        } catch (RuntimeException e) {
            step.completeExceptionally(e);
        }
        return step;
    }

    private static byte[] bytes(LogSlice records) {
        byte[] bytes = new byte[records.size()];
        records.copyTo(bytes, 0);
        return bytes;
    }
}
