package io.aeon.broker.partition;

import akka.actor.typed.ActorRef;
import io.aeon.storage.compaction.CompactionNeed;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.LogSummary;
import io.aeon.storage.log.PartitionLog;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a partition hears from its parent and from its own work on other threads. */
public sealed interface PartitionEvent extends PartitionCommand {
    /** The topic's settings and this broker's role from now on; one that has no role any more is told {@link End}. */
    record Configure(LogConfig config, Role role) implements PartitionEvent {}

    /** Time for retention. */
    enum Housekeep implements PartitionEvent {
        NOW
    }

    /**
     * Answer {@link TopicsCommand.Idle} if nothing is under way.
     *
     * @param evenIfUsed also if the log was used since the check before this one
     */
    record IdleCheck(boolean evenIfUsed, ActorRef<? super TopicsCommand.Idle> replyTo) implements PartitionEvent {}

    /**
     * No request comes any more; close the log and stop, leaving in {@code reply} what is to be known of it. If there is
     * something under way now, answer {@link TopicsCommand.StillBusy} instead and go on.
     */
    record Retire(ActorRef<? super TopicsCommand.StillBusy> replyTo, CompletableFuture<Retired> reply)
            implements PartitionEvent, PartitionCommand.Request<Retired> {}

    /** A partition that has closed its log, and who still watches it. */
    record Retired(LogSummary log, List<PartitionCommand.Watch> watches) {}

    /** Time to forget producers that have not written since {@code timestamp}, milliseconds since the epoch. */
    record ExpireProducers(long timestamp) implements PartitionEvent {}

    /** The flush interval is over. */
    enum FlushTick implements PartitionEvent {
        NOW
    }

    /** The pause after a failed write is over. */
    enum WriteAgain implements PartitionEvent {
        NOW
    }

    /** The backoff after a failed opening is over. */
    enum TryOpen implements PartitionEvent {
        NOW
    }

    /**
     * Close the log and stop.
     *
     * @param delete remove the partition's files too
     * @param reply what is to be known of the closed log, empty if it was not open or could not be closed in order
     */
    record End(boolean delete, CompletableFuture<Optional<LogSummary>> reply)
            implements PartitionEvent, PartitionCommand.Request<Optional<LogSummary>> {}

    /** For a while nothing has failed that did before. */
    enum Steady implements PartitionEvent {
        NOW
    }

    /**
     * The log is open and durable to its end.
     *
     * @param blocking threads that may wait for the disk
     */
    record Opened(PartitionLog log, Executor blocking) implements PartitionEvent {
        @Override
        public void fail(Throwable cause) {
            blocking.execute(log::close);
        }
    }

    /** The log could not be opened. */
    record OpenFailed(Throwable cause) implements PartitionEvent {}

    /** An fsync of {@code log} has ended. */
    record Flushed(PartitionLog log, @Nullable Throwable failure) implements PartitionEvent {}

    /** What was done to {@code log} while nothing else might change it has ended. */
    record Maintained(PartitionLog log, @Nullable Throwable failure) implements PartitionEvent {}

    /**
     * A step of compaction on {@code log} has ended.
     *
     * @param need what the pass has left to do, empty if a segment is ready to be swapped
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
