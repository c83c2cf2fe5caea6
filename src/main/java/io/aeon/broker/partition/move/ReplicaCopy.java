package io.aeon.broker.partition.move;

import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.directory.ReplicaMove;
import io.aeon.replication.CopyRate;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.log.OffsetOutOfRangeException;
import io.aeon.storage.segment.EpochEndOffset;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first part of a {@link ReplicaMove}: the records are read from the partition, which goes on to serve, and
 * appended to the copy on the threads of its disk. Thread-safe.
 */
public final class ReplicaCopy {
    private static final int NO_EPOCH = -1;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ReplicaMove move;
    private final Partitions partitions;
    private final CopyRate rate;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private volatile boolean isCancelled;

    /** @param rate of all copies together; while it is exceeded nothing is read */
    public ReplicaCopy(ReplicaMove move, Partitions partitions, CopyRate rate) {
        this.move = move;
        this.partitions = partitions;
        this.rate = rate;
    }

    /** Completes when the copy has reached the end of the partition, or cannot be continued. */
    public CompletableFuture<Void> run() {
        if (move.hasBegun()) {
            readNext();
        } else {
            begin();
        }
        return caughtUp;
    }

    /** Completes when the copying has ended. */
    public CompletableFuture<Void> ended() {
        return caughtUp;
    }

    /** Ends the copying after the present step. */
    public void cancel() {
        isCancelled = true;
    }

    private void begin() {
        CompletableFuture<Description> reply = new CompletableFuture<>();
        partitions.tell(move.partition(), new Describe(reply));
        goOn(reply.thenAcceptAsync(
                description -> move.begin(description.logStartOffset()),
                move.target().blocking()));
    }

    private void readNext() {
        if (rate.isExceeded()) {
            goOn(CompletableFuture.runAsync(
                    () -> {}, CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)));
            return;
        }
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        partitions.tell(
                move.partition(),
                new Read(
                        move.endOffset(),
                        ReplicaMove.CHUNK,
                        true,
                        Isolation.UNCOMMITTED,
                        NO_EPOCH,
                        move.lastEpoch(),
                        reply));
        goOn(reply.thenAcceptAsync(this::take, move.target().blocking()));
    }

    private void take(ReadResult result) {
        EpochEndOffset diverging = result.diverging();
        try (LogSlice records = result.records()) {
            if (diverging != null) {
                move.truncate(diverging);
            } else if (records.size() == 0) {
                caughtUp.complete(null);
            } else {
                byte[] batches = new byte[records.size()];
                records.copyTo(batches, 0);
                rate.copied(batches.length);
                move.append(batches);
            }
        }
    }

    private void goOn(CompletableFuture<Void> step) {
        var unused = step.whenComplete((nothing, failure) -> {
            if (isCancelled) {
                caughtUp.completeExceptionally(new CancellationException("the move was cancelled"));
            } else if (failure != null) {
                failed(failure);
            } else if (!caughtUp.isDone()) {
                readNext();
            }
        });
    }

    /** Retention has removed the next record to copy, or no epoch is common: the copy begins anew. */
    private void failed(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof OffsetOutOfRangeException) {
            begin();
        } else {
            caughtUp.completeExceptionally(cause);
        }
    }

    private static Throwable cause(Throwable failure) {
        @Nullable Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
