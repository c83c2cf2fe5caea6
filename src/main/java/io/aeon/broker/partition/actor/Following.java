package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.PartitionCommand.AppendAsFollower;
import io.aeon.broker.partition.PartitionCommand.FindPosition;
import io.aeon.broker.partition.PartitionCommand.Truncate;
import io.aeon.replication.HighWatermark;
import io.aeon.replication.LogPosition;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.PartitionLog;
import java.util.concurrent.CompletableFuture;

/** An open partition that follows another broker: its log becomes a copy of the leader's. Used only by its actor. */
final class Following {
    private final OpenPartition partition;
    private final PartitionLog log;
    private final HighWatermark highWatermark;
    private final Leadership leadership;

    Following(OpenPartition partition, HighWatermark highWatermark) {
        this.partition = partition;
        this.log = partition.log();
        this.leadership = partition.leadership();
        this.highWatermark = highWatermark;
    }

    void find(FindPosition find) {
        leadership.checkLeader(find.leaderEpoch());
        partition.whenDurable(positionFor(find.reply()));
    }

    void append(AppendAsFollower append) {
        leadership.checkLeader(append.leaderEpoch());
        highWatermark.leaderSays(append.highWatermark());
        if (append.batches().hasRemaining()) {
            partition.copy(append.batches(), positionFor(append.reply()));
        } else {
            partition.whenDurable(positionFor(append.reply()));
        }
    }

    /** Completes {@code reply} with the present end of the log, once an append to this end is acknowledged. */
    private CompletableFuture<AppendResult> positionFor(CompletableFuture<LogPosition> reply) {
        CompletableFuture<AppendResult> durable = new CompletableFuture<>();
        var unused = durable.whenComplete((result, failure) -> {
            if (failure == null) {
                reply.complete(new LogPosition(log.logStartOffset(), result.lastOffset() + 1, log.latestEpoch()));
            } else {
                reply.completeExceptionally(failure);
            }
        });
        return durable;
    }

    void truncate(Truncate truncate) {
        leadership.checkLeader(truncate.leaderEpoch());
        partition.maintenance().truncate(truncate);
    }
}
