package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import io.aeon.broker.partition.OpenTries;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.PartitionEvent.Retired;
import io.aeon.broker.partition.Role;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.LogSummary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Records which partitions run, which rest, and which may have files that were not opened yet. Not thread-safe. */
final class PartitionTable {
    private final LinkedHashMap<TopicPartition, Child> running = new LinkedHashMap<>();
    private final Map<TopicPartition, RestingPartition> resting = new HashMap<>();
    private final Set<TopicPartition> unread = new HashSet<>();
    private final Set<TopicPartition> wantedAgain = new HashSet<>();
    private final Set<TopicPartition> maintenanceDue = new HashSet<>();
    private final PartitionStarts starts;
    private final HighWatermarkCheckpoint highWatermarks;
    private final Map<TopicPartition, OpenTries> failed = new HashMap<>();
    private final Set<TopicPartition> backingOff = new HashSet<>();
    private boolean allUnread;
    private boolean stopping;

    /** @param startsAtOnce maximum number of starts in progress at the same time */
    PartitionTable(int startsAtOnce, HighWatermarkCheckpoint highWatermarks) {
        this.highWatermarks = highWatermarks;
        starts = new PartitionStarts(startsAtOnce);
    }

    /** A partition's actor and the stage of its lifecycle. */
    static final class Child {
        private final ActorRef<PartitionCommand> actor;
        private final Uuid topicId;
        private final AtomicLong highWatermark;
        private Configure configured;
        private boolean starting = true;
        private boolean ending;
        private @Nullable CompletableFuture<Retired> retirement;
        private @Nullable CompletableFuture<Optional<LogSummary>> closing;

        /** @param highWatermark updated by the actor */
        Child(ActorRef<PartitionCommand> actor, Uuid topicId, Configure configured, AtomicLong highWatermark) {
            this.highWatermark = highWatermark;
            this.actor = actor;
            this.topicId = topicId;
            this.configured = configured;
        }

        /** An actor that has no log and only removes files. */
        static Child removing(ActorRef<PartitionCommand> actor, Uuid topicId) {
            Child child =
                    new Child(actor, topicId, new Configure(LogConfig.DEFAULT, Role.Lead.alone(0)), new AtomicLong());
            child.starting = false;
            child.ending = true;
            return child;
        }

        ActorRef<PartitionCommand> actor() {
            return actor;
        }

        Uuid topicId() {
            return topicId;
        }

        Configure configured() {
            return configured;
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
                    : retired().map(Retired::log).or(() -> now(closing).flatMap(Function.identity()));
        }

        private static <T> Optional<T> now(@Nullable CompletableFuture<T> left) {
            return left == null || !left.isDone() || left.isCompletedExceptionally()
                    ? Optional.empty()
                    : Optional.of(left.join());
        }
    }

    @Nullable
    Child running(TopicPartition partition) {
        return running.get(partition);
    }

    /** The partition's entry, if {@code actor} is its current actor. */
    Optional<Child> running(TopicPartition partition, ActorRef<PartitionCommand> actor) {
        return Optional.ofNullable(running.get(partition))
                .filter(child -> child.actor().equals(actor));
    }

    Map<TopicPartition, Child> running() {
        return running;
    }

    void runs(TopicPartition partition, Child child) {
        running.put(partition, child);
    }

    @Nullable
    Child stopped(TopicPartition partition) {
        Child child = running.remove(partition);
        if (child != null) {
            update(partition, child);
        }
        return child;
    }

    HighWatermarkCheckpoint highWatermarks() {
        return highWatermarks;
    }

    /** Updates the checkpoint with the high watermarks of the running partitions. */
    void updateHighWatermarks() {
        running.forEach(this::update);
    }

    private void update(TopicPartition partition, Child child) {
        if (!child.isEnding()) {
            highWatermarks.update(partition, child.highWatermark());
        }
    }

    /** The next partition to ask whether it is idle; it moves to the end of the queue. */
    Optional<Child> nextToRest() {
        Iterator<Map.Entry<TopicPartition, Child>> all = running.entrySet().iterator();
        if (!all.hasNext()) {
            return Optional.empty();
        }
        Map.Entry<TopicPartition, Child> eldest = all.next();
        TopicPartition partition = eldest.getKey();
        Child child = eldest.getValue();
        all.remove();
        running.put(partition, child);
        return Optional.of(child);
    }

    Map<TopicPartition, RestingPartition> resting() {
        return resting;
    }

    void rests(TopicPartition partition, RestingPartition as) {
        resting.put(partition, as);
        highWatermarks.update(partition, as.log().highWatermark());
    }

    /** Ends the rest of the partition; returns whether it rested. */
    boolean wakes(TopicPartition partition) {
        return resting.remove(partition) != null;
    }

    PartitionStarts starts() {
        return starts;
    }

    /** Starts the partition again as soon as the previous one with this name has stopped. */
    void wantAgain(TopicPartition partition) {
        wantedAgain.add(partition);
    }

    boolean takeWantedAgain(TopicPartition partition) {
        return wantedAgain.remove(partition);
    }

    /** The partition is started for its maintenance. */
    void maintain(TopicPartition partition) {
        maintenanceDue.add(partition);
    }

    boolean takeMaintenance(TopicPartition partition) {
        return maintenanceDue.remove(partition);
    }

    /** No start of the partition is tried until {@link #tryAgain}. */
    void backOff(TopicPartition partition, OpenTries tries) {
        failed.put(partition, tries);
        backingOff.add(partition);
    }

    boolean backsOff(TopicPartition partition) {
        return backingOff.contains(partition);
    }

    void tryAgain(TopicPartition partition) {
        backingOff.remove(partition);
    }

    @Nullable
    OpenTries failedTries(TopicPartition partition) {
        return failed.get(partition);
    }

    /** A start has succeeded, or none is needed any more. */
    void forgetFailures(TopicPartition partition) {
        failed.remove(partition);
        backingOff.remove(partition);
    }

    /** The partition has or may have files; its next use opens them. */
    void foundFiles(TopicPartition partition) {
        unread.add(partition);
    }

    /** The data directory could not be listed, so every partition may have files. */
    void mayAllHaveFiles() {
        allUnread = true;
    }

    /** Marks the files of the partition as opened; returns whether there may be any. */
    boolean takeUnread(TopicPartition partition) {
        return unread.remove(partition) || allUnread;
    }

    /** Records that all partitions are being closed, because the broker stops. */
    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }
}
