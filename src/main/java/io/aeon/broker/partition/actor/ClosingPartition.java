package io.aeon.broker.partition.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionEvent.Closed;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.PartitionEvent.Resting;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.PartitionEvent.Retired;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.storage.log.LogSummary;
import io.aeon.storage.log.PartitionLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last states of a partition's actor: its log is closed and, if its topic is deleted, removed. */
public final class ClosingPartition {
    private static final Logger logger = LoggerFactory.getLogger(ClosingPartition.class);

    private final PartitionDirectory directory;
    private final Executor blocking;
    private final Replies replies;
    private final ActorContext<PartitionCommand> context;
    private @Nullable End end;

    public ClosingPartition(PartitionDirectory directory, Replies replies, ActorContext<PartitionCommand> context) {
        this.replies = replies;
        this.directory = directory;
        this.blocking = directory.disk().blocking();
        this.context = context;
    }

    /** Creates an actor that removes the files of a partition whose log is not open, and then stops. */
    public static Behavior<PartitionCommand> remover(PartitionDirectory directory) {
        return Behaviors.setup(context -> new ClosingPartition(
                        directory, new Replies(context.getSystem().executionContext()), context)
                .endUnopened(new End(true, new CompletableFuture<>()), CompletableFuture.completedFuture(null)));
    }

    /** Ends a partition whose log is not open, once {@code closed} completes. */
    public Behavior<PartitionCommand> endUnopened(End message, CompletableFuture<Void> closed) {
        return end(message, closed.thenApply(nothing -> Optional.empty()));
    }

    /** Ends {@code partition}; its waiting requests have failed already. */
    Behavior<PartitionCommand> end(End message, OpenPartition partition) {
        return end(message, partition.quiescent().thenApplyAsync(nothing -> closeInOrder(partition), blocking));
    }

    private Behavior<PartitionCommand> end(End message, CompletableFuture<Optional<LogSummary>> closed) {
        CompletableFuture<Optional<LogSummary>> ended = message.delete()
                ? closed.handleAsync(
                        (summary, failure) -> {
                            directory.delete();
                            return Optional.empty();
                        },
                        blocking)
                : closed;
        context.pipeToSelf(
                ended,
                (summary, failure) -> new Closed(message, failure == null ? summary : Optional.empty(), failure));
        return BehaviorBuilder.<PartitionCommand>create()
                .onMessage(Closed.class, this::onClosed)
                .onMessage(PartitionCommand.class, this::refuse)
                .build();
    }

    private Behavior<PartitionCommand> onClosed(Closed closed) {
        if (closed.failure() != null) {
            logger.error("{} could not be closed or removed cleanly", directory, closed.failure());
        }
        closed.end().reply().complete(closed.log());
        return Behaviors.stopped();
    }

    /** Closes the log of {@code partition}, which no request can reach any more, after its reads have ended. */
    Behavior<PartitionCommand> retire(Retire message, OpenPartition partition) {
        context.pipeToSelf(
                partition.quiescent().thenApplyAsync(nothing -> closeInOrder(partition), blocking),
                (summary, failure) -> new Resting(message, failure == null ? summary : Optional.empty(), failure));
        return BehaviorBuilder.<PartitionCommand>create()
                .onMessage(Resting.class, resting -> onResting(resting, partition))
                .onMessage(End.class, this::endLater)
                .onMessage(Retire.class, again -> answerAlike(message, again))
                .onMessage(PartitionCommand.class, this::refuse)
                .onSignal(PostStop.class, signal -> {
                    message.fail(refusal(directory));
                    partition.fail(refusal(directory));
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<PartitionCommand> onResting(Resting resting, OpenPartition partition) {
        if (resting.failure() != null) {
            logger.warn("{} was not closed cleanly", directory, resting.failure());
        } else if (end == null && (resting.log().isPresent() || resting.retire().moves())) {
            resting.retire()
                    .reply()
                    .complete(new Retired(resting.log(), partition.takeWatches(), partition.takeAppends()));
        }
        resting.retire().fail(refusal(directory));
        partition.fail(refusal(directory));
        return end == null ? Behaviors.stopped() : end(end, CompletableFuture.completedFuture(resting.log()));
    }

    /** Gives a second request to retire the result of the first one; a parent repeats the request after a restart. */
    private static Behavior<PartitionCommand> answerAlike(Retire first, Retire again) {
        var unused = first.reply().whenComplete((retired, failure) -> {
            if (failure == null) {
                again.reply().complete(retired);
            } else {
                again.fail(failure);
            }
        });
        return Behaviors.same();
    }

    private Behavior<PartitionCommand> endLater(End message) {
        end = message;
        return Behaviors.same();
    }

    private Behavior<PartitionCommand> refuse(PartitionCommand command) {
        replies.fail(command, refusal(directory));
        return Behaviors.same();
    }

    /**
     * Returns no summary if the log's state does not fit into one: with damage, an open transaction, or records above
     * the high watermark.
     */
    private static Optional<LogSummary> closeInOrder(OpenPartition partition) {
        try (PartitionLog log = partition.log()) {
            boolean isStable = log.lastStableOffset(log.logEndOffset()) == log.logEndOffset();
            return isStable
                            && partition.isCommittedToItsEnd()
                            && log.recovery().damage().isEmpty()
                    ? Optional.of(log.summary(partition.leadership().durableHighWatermark()))
                    : Optional.empty();
        }
    }

    /** The error for a request that arrives too late. */
    static ApiException refusal(PartitionDirectory directory) {
        return new NotLeaderOrFollowerException(directory + " is not open now");
    }
}
