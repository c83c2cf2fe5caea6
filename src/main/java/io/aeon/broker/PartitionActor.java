package io.aeon.broker;

import io.aeon.storage.AppendResult;
import io.aeon.storage.LogSlice;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Owns one partition's log. */
public final class PartitionActor {
    private PartitionActor() {}

    /** What a partition can be told. Replies fail with Kafka's ApiExceptions or with a StorageException. */
    public sealed interface Command {}

    /**
     * Appends validated batches.
     *
     * @param batches whole v2 batches; the partition rewrites offsets and epochs in place and owns them from now on
     * @param acks what must have happened before {@code reply} is completed
     */
    public record Append(ByteBuffer batches, Acks acks, CompletableFuture<AppendResult> reply) implements Command {}

    /**
     * Reads below the high watermark.
     *
     * @param currentLeaderEpoch the epoch the client believes in, -1 for none: fences as KIP-320 says
     */
    public record Read(
            long offset,
            int maxBytes,
            boolean atLeastOneBatch,
            int currentLeaderEpoch,
            CompletableFuture<ReadResult> reply)
            implements Command {}

    /** Acks of an append. ALL includes an fsync in flush modes sync and interval, LEADER only in sync. */
    public enum Acks {
        LEADER,
        ALL
    }

    /** What a read found; the receiver closes {@code records}. */
    public record ReadResult(LogSlice records, long highWatermark, long logStartOffset) {}
}
