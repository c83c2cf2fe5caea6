package io.aeon.broker;

import io.aeon.storage.LogConfig;
import io.aeon.storage.PartitionLog;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a partition hears from its parent and from its own work on other threads. */
sealed interface PartitionEvent extends PartitionCommand {
    /** The topic's settings and the leader epoch from now on. */
    record Configure(LogConfig config, int leaderEpoch) implements PartitionEvent {}

    /** Time for retention. */
    enum Housekeep implements PartitionEvent {
        NOW
    }

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
     */
    record End(boolean delete, CompletableFuture<Void> reply)
            implements PartitionEvent, PartitionCommand.Request<Void> {}

    /** The log is open and durable to its end. */
    record Opened(PartitionLog log) implements PartitionEvent {
        @Override
        public void fail(Throwable cause) {
            log.close();
        }
    }

    /** The log could not be opened. */
    record OpenFailed(Throwable cause) implements PartitionEvent {}

    /** An fsync of {@code log} has ended. */
    record Flushed(
            PartitionLog log, long durableOffset, @Nullable Throwable failure) implements PartitionEvent {}

    /** Retention or DeleteRecords on {@code log} has ended. */
    record Maintained(PartitionLog log, @Nullable Throwable failure) implements PartitionEvent {}

    /** The log is closed; the actor can stop. */
    record Closed(End end, @Nullable Throwable failure) implements PartitionEvent {}
}
