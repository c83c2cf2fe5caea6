package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.PartitionEvent.Retired;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.LogSummary;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** A partition's actor and the stage of its lifecycle. Not thread-safe. */
final class RunningPartition {
    private final ActorRef<PartitionCommand> actor;
    private final PartitionDirectory directory;
    private final AtomicLong highWatermark;
    private Configure configured;
    private boolean starting = true;
    private boolean ending;
    private @Nullable CompletableFuture<Retired> retirement;
    private @Nullable CompletableFuture<Boolean> moved;
    private @Nullable CompletableFuture<Optional<LogSummary>> closing;

    /** @param highWatermark updated by the actor */
    RunningPartition(
            ActorRef<PartitionCommand> actor,
            PartitionDirectory directory,
            Configure configured,
            AtomicLong highWatermark) {
        this.highWatermark = highWatermark;
        this.actor = actor;
        this.directory = directory;
        this.configured = configured;
    }

    /** An actor that has no log and only removes files. */
    static RunningPartition removing(ActorRef<PartitionCommand> actor, PartitionDirectory directory) {
        RunningPartition child = new RunningPartition(
                actor, directory, new Configure(LogConfig.DEFAULT, Role.Lead.alone(0)), new AtomicLong());
        child.starting = false;
        child.ending = true;
        return child;
    }

    /**
     * An actor that has no log and completes a move.
     *
     * @param moved completes with whether the partition is in its new directory
     */
    static RunningPartition moving(
            ActorRef<PartitionCommand> actor,
            PartitionDirectory directory,
            Configure configured,
            long highWatermark,
            CompletableFuture<Boolean> moved) {
        RunningPartition child = new RunningPartition(actor, directory, configured, new AtomicLong(highWatermark));
        child.starting = false;
        child.moved = moved;
        return child;
    }

    /** Whether the actor completes a move. */
    boolean isMoving() {
        return moved != null;
    }

    /** Whether the move has ended in the new directory. */
    boolean hasMoved() {
        return now(moved).orElse(false);
    }

    /** Whether the partition still opens its log for the first time. */
    boolean isStarting() {
        return starting;
    }

    ActorRef<PartitionCommand> actor() {
        return actor;
    }

    PartitionDirectory directory() {
        return directory;
    }

    Uuid topicId() {
        return directory.topicId();
    }

    Configure configured() {
        return configured;
    }

    /** Whether this broker leads the partition, and others follow. */
    boolean hasFollowers() {
        return configured.role() instanceof Role.Lead lead && !lead.others().isEmpty();
    }

    long highWatermark() {
        return highWatermark.get();
    }

    void configure(Configure latest) {
        configured = latest;
        actor.tell(latest);
    }

    /** Marks the start as complete; returns whether the actor was starting until now. */
    boolean started() {
        boolean first = starting;
        starting = false;
        return first;
    }

    /** Whether the partition is removed with its files. */
    boolean isEnding() {
        return ending;
    }

    void end() {
        ending = true;
        actor.tell(new End(true, new CompletableFuture<>()));
    }

    /** Whether the partition closes and keeps its files. */
    boolean isClosing() {
        return closing != null;
    }

    /** Closes the partition's log and stops its actor. Idempotent. */
    void close() {
        if (closing == null) {
            closing = new CompletableFuture<>();
            actor.tell(new End(false, closing));
        }
    }

    /** The result of {@link #retire} if the partition is retiring; empty otherwise. */
    Optional<CompletableFuture<Retired>> retirement() {
        return Optional.ofNullable(retirement);
    }

    boolean isRetiring() {
        return retirement != null;
    }

    CompletableFuture<Retired> retire() {
        CompletableFuture<Retired> left = new CompletableFuture<>();
        retirement = left;
        return left;
    }

    void goesOn() {
        retirement = null;
    }

    /** The result of its retirement, if it has retired. */
    Optional<Retired> retired() {
        return now(retirement);
    }

    /**
     * The summary of the stopped partition's log; empty if the log was not closed cleanly or its files are removed.
     */
    Optional<LogSummary> summary() {
        return ending
                ? Optional.empty()
                : retired().flatMap(Retired::log).or(() -> now(closing).flatMap(Function.identity()));
    }

    private static <T> Optional<T> now(@Nullable CompletableFuture<T> left) {
        return left == null || !left.isDone() || left.isCompletedExceptionally()
                ? Optional.empty()
                : Optional.of(left.join());
    }
}
