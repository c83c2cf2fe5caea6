package io.aeon.broker.partition;

import akka.actor.typed.ActorRef;
import io.aeon.metadata.IsrRequests;
import io.aeon.replication.IsrChange;
import io.aeon.storage.compaction.CompactionNeed;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.LogSummary;
import io.aeon.storage.log.PartitionLog;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Messages to a partition from its parent and from its own work on other threads. */
public sealed interface PartitionEvent extends PartitionCommand {
    /** New settings of the topic and a new role of this broker. A partition without a role gets {@link End} instead. */
    record Configure(LogConfig config, Role role) implements PartitionEvent {}

    /** Followers that lag too long have to leave the ISR, and those that have caught up have to join it. */
    enum CheckInSync implements PartitionEvent {
        NOW
    }

    /**
     * The controller has answered to a change of the ISR.
     *
     * @param copy number of the copy of the change that was sent
     * @param result null if {@code failure} is not
     */
    record IsrAnswered(
            IsrChange change,
            int copy,
            IsrRequests.@Nullable Result result,
            @Nullable Throwable failure) implements PartitionEvent {}

    /** Retention is due. */
    enum Housekeep implements PartitionEvent {
        NOW
    }

    /**
     * Requests {@link TopicsCommand.Idle} if no work is in progress.
     *
     * @param evenIfUsed whether to reply also if the log was used since the previous check
     */
    record IdleCheck(boolean evenIfUsed, ActorRef<? super TopicsCommand.Idle> replyTo) implements PartitionEvent {}

    /**
     * Requests that the partition closes its log and stops; no request follows. A partition with work in progress
     * replies {@link TopicsCommand.StillBusy} instead and continues.
     *
     * @param moves whether its directory moves: then the partition also retires with an open transaction and with
     *     appends that wait for other replicas, and waits for an fsync that is due
     * @param reply completes with the summary of the closed log
     */
    record Retire(ActorRef<? super TopicsCommand.StillBusy> replyTo, boolean moves, CompletableFuture<Retired> reply)
            implements PartitionEvent, PartitionCommand.Request<Retired> {}

    /**
     * What a partition leaves that has retired.
     *
     * @param log the summary of the closed log; empty if its state does not fit into one
     * @param watches the watches that the partition had
     * @param appends the appends that wait for other replicas, in the order of their ends; none without a move
     */
    record Retired(
            Optional<LogSummary> log,
            List<PartitionCommand.Watch> watches,
            List<PartitionCommand.AwaitReplicas> appends) {
        /** Fails what nobody takes over. */
        public void fail(Throwable cause) {
            watches.forEach(watch -> watch.fail(cause));
            appends.forEach(append -> append.fail(cause));
        }
    }

    /** The move of a partition to another data directory has ended, in the new directory or in the old one. */
    record MoveEnded(boolean moved) implements PartitionEvent {}

    /**
     * Requests that the partition forgets producers without a write since {@code timestamp}, in milliseconds since the
     * epoch.
     */
    record ExpireProducers(long timestamp) implements PartitionEvent {}

    /** The flush interval has elapsed. */
    enum FlushTick implements PartitionEvent {
        NOW
    }

    /** The pause after a failed write has elapsed. */
    enum WriteAgain implements PartitionEvent {
        NOW
    }

    /** The backoff after a failed opening has elapsed. */
    enum TryOpen implements PartitionEvent {
        NOW
    }

    /**
     * Requests that the partition closes its log and stops.
     *
     * @param delete whether to remove the partition's files too
     * @param reply completes with the summary of the closed log; empty if the log was not open or could not be closed
     *     cleanly
     */
    record End(boolean delete, CompletableFuture<Optional<LogSummary>> reply)
            implements PartitionEvent, PartitionCommand.Request<Optional<LogSummary>> {}

    /** A partition that failed before has worked without a failure for a while. */
    enum Steady implements PartitionEvent {
        NOW
    }

    /** The log is open and durable to its end. */
    record Opened(PartitionLog log) implements PartitionEvent {}

    /** The log could not be opened. */
    record OpenFailed(Throwable cause) implements PartitionEvent {}

    /** An fsync of {@code log} has ended. */
    record Flushed(PartitionLog log, @Nullable Throwable failure) implements PartitionEvent {}

    /** An exclusive change of {@code log} has ended. */
    record Maintained(PartitionLog log, @Nullable Throwable failure) implements PartitionEvent {}

    /**
     * A step of compaction on {@code log} has ended.
     *
     * @param need the remaining need if the pass is over; empty if a segment is ready to be swapped
     */
    record Prepared(
            PartitionLog log,
            Optional<CompactionNeed> need,
            @Nullable Throwable failure) implements PartitionEvent {}

    /** The log is closed; the actor can stop. */
    record Closed(
            End end, Optional<LogSummary> log, @Nullable Throwable failure) implements PartitionEvent {}

    /** The log is closed after a {@link Retire}. */
    record Resting(
            Retire retire,
            Optional<LogSummary> log,
            @Nullable Throwable failure) implements PartitionEvent {}
}
