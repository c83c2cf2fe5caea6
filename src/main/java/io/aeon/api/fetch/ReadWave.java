package io.aeon.api.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/** Reads of several partitions that are under way at the same time. */
final class ReadWave {
    private final List<Granted> reads = new ArrayList<>();
    private final CompletableFuture<Void> cut = new CompletableFuture<>();

    /**
     * @param grant bytes that the read may give
     * @param result never fails
     */
    void add(FetchPartition partition, int grant, CompletableFuture<FetchResult> result) {
        reads.add(new Granted(partition, grant, result));
    }

    boolean isEmpty() {
        return reads.isEmpty();
    }

    /** Done when all partitions have answered, or when the wave has been cut. */
    CompletableFuture<?> over() {
        CompletableFuture<Void> all =
                CompletableFuture.allOf(reads.stream().map(Granted::result).toArray(CompletableFuture<?>[]::new));
        return all.isDone() ? all : CompletableFuture.anyOf(all, cut);
    }

    /** Waits no longer for partitions that have not answered. Any thread may call this. */
    void cut() {
        cut.complete(null);
    }

    /** Hands out the results; a partition that has not answered has an error, and what it answers later is closed. */
    void takeAll(Taker taker) {
        reads.forEach(read -> taker.take(read.partition(), read.grant(), read.resultNow()));
    }

    interface Taker {
        void take(FetchPartition partition, int grant, FetchResult result);
    }

    private record Granted(FetchPartition partition, int grant, CompletableFuture<FetchResult> result) {
        private FetchResult resultNow() {
            if (result.isDone()) {
                return result.join();
            }
            var unused = result.thenAccept(late -> late.records().close());
            return FetchResult.failed(Errors.KAFKA_STORAGE_ERROR);
        }
    }
}
