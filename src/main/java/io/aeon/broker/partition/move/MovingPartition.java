package io.aeon.broker.partition.move;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.PartitionEvent.MoveEnded;
import io.aeon.broker.partition.actor.ClosingPartition;
import io.aeon.broker.partition.actor.Replies;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.broker.partition.directory.ReplicaMove;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last part of a {@link ReplicaMove}, while the partition's log is closed and its commands wait: the rest is
 * copied, the metadata get the new directory, and the copy takes the place of the original. If one of these fails, the
 * metadata get the old directory again before the partition goes on there.
 */
public final class MovingPartition {
    private static final Logger logger = LoggerFactory.getLogger(MovingPartition.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ReplicaMove move;
    private final Function<PartitionDirectory, CompletableFuture<Void>> record;
    private final CompletableFuture<Boolean> moved;
    private final ActorContext<PartitionCommand> context;
    private volatile boolean isDeleted;
    private volatile boolean isStopped;
    private @Nullable End end;

    private MovingPartition(
            ReplicaMove move,
            Function<PartitionDirectory, CompletableFuture<Void>> record,
            CompletableFuture<Boolean> moved,
            ActorContext<PartitionCommand> context) {
        this.move = move;
        this.context = context;
        this.record = record;
        this.moved = moved;
    }

    /**
     * Creates an actor that completes the move and then stops.
     *
     * @param record records a partition's data directory in the metadata
     * @param moved receives whether the partition is in the new directory now
     */
    public static Behavior<PartitionCommand> create(
            ReplicaMove move,
            Function<PartitionDirectory, CompletableFuture<Void>> record,
            CompletableFuture<Boolean> moved) {
        return Behaviors.setup(context -> new MovingPartition(move, record, moved, context).begin());
    }

    private Behavior<PartitionCommand> begin() {
        Disk target = move.target();
        CompletableFuture<Boolean> work = CompletableFuture.runAsync(move::complete, target.blocking())
                .thenCompose(complete -> record.apply(move.to()))
                .thenApplyAsync(recorded -> move.commit(), target.blocking())
                .thenApply(this::removeLater)
                .exceptionallyCompose(this::goBack);
        context.pipeToSelf(work, (done, failure) -> new MoveEnded(failure == null && done));
        return BehaviorBuilder.<PartitionCommand>create()
                .onMessage(MoveEnded.class, this::onEnded)
                .onMessage(End.class, this::endLater)
                .onMessage(PartitionCommand.class, this::refuse)
                .onSignal(PostStop.class, signal -> {
                    isStopped = true;
                    return Behaviors.same();
                })
                .build();
    }

    private boolean removeLater(Runnable removal) {
        logger.info("{} is moved", move);
        var unused = CompletableFuture.runAsync(removal, move.from().disk().blocking())
                .exceptionally(failure -> {
                    logger.warn("{}: the old files could not be removed", move, failure);
                    return null;
                });
        return true;
    }

    private CompletableFuture<Boolean> goBack(Throwable failure) {
        logger.error("{} could not be moved and goes on where it is", move, failure);
        return recordOld()
                .thenApplyAsync(
                        settled -> {
                            if (!isStopped) {
                                move.abandon();
                            }
                            return false;
                        },
                        move.target().blocking());
    }

    /**
     * The copy must not count as complete once the original has further records. It gets none after the stop of the
     * broker, and the next start takes whichever directory the metadata name.
     */
    private CompletableFuture<Void> recordOld() {
        return record.apply(move.from()).exceptionallyCompose(refused -> {
            if (isStopped || isDeleted) {
                return CompletableFuture.completedFuture(null);
            }
            logger.warn("{}: the metadata cannot take the old directory yet", move, refused);
            return CompletableFuture.runAsync(
                            () -> {}, CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS))
                    .thenCompose(paused -> recordOld());
        });
    }

    private Behavior<PartitionCommand> onEnded(MoveEnded ended) {
        moved.complete(ended.moved());
        if (end == null) {
            return Behaviors.stopped();
        }
        PartitionDirectory directory = ended.moved() ? move.to() : move.from();
        return new ClosingPartition(directory, new Replies(context.getSystem().executionContext()), context)
                .endUnopened(end, CompletableFuture.completedFuture(null));
    }

    private Behavior<PartitionCommand> endLater(End message) {
        end = message;
        isDeleted = message.delete();
        return Behaviors.same();
    }

    private Behavior<PartitionCommand> refuse(PartitionCommand command) {
        command.fail(new NotLeaderOrFollowerException(move.partition() + " is not open now"));
        return Behaviors.same();
    }
}
