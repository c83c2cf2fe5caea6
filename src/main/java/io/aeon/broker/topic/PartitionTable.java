package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.actor.OpenTries;
import io.aeon.replication.Resends;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Records which partitions run, which rest, and which may have files that were not opened yet. Not thread-safe. */
final class PartitionTable {
    private final LinkedHashMap<TopicPartition, RunningPartition> running = new LinkedHashMap<>();
    private final Map<TopicPartition, RestingPartition> resting = new HashMap<>();
    private final Set<TopicPartition> unread;
    private final Set<TopicPartition> wantedAgain = new HashSet<>();
    private final Set<TopicPartition> maintenanceDue = new HashSet<>();
    private final PartitionStarts starts;
    private final HighWatermarks highWatermarks;
    private final Map<TopicPartition, OpenTries> failed = new HashMap<>();
    private final Set<TopicPartition> backingOff = new HashSet<>();
    private final Map<TopicPartition, ReplicaMoves.Moving> moves = new LinkedHashMap<>();
    private final Map<TopicPartition, Resends> resends = new HashMap<>();
    private final LongSupplier clock;
    private boolean allUnread;
    private boolean stopping;

    /**
     * @param startsAtOnce maximum number of starts in progress at the same time
     * @param unread receives the partitions that have files which were not opened yet
     * @param clock milliseconds, never going back
     */
    PartitionTable(int startsAtOnce, HighWatermarks highWatermarks, Set<TopicPartition> unread, LongSupplier clock) {
        this.clock = clock;
        this.unread = unread;
        this.highWatermarks = highWatermarks;
        starts = new PartitionStarts(startsAtOnce);
    }

    @Nullable
    RunningPartition running(TopicPartition partition) {
        return running.get(partition);
    }

    /** The partition's entry, if {@code actor} is its current actor. */
    Optional<RunningPartition> running(TopicPartition partition, ActorRef<PartitionCommand> actor) {
        return Optional.ofNullable(running.get(partition))
                .filter(child -> child.actor().equals(actor));
    }

    Map<TopicPartition, RunningPartition> running() {
        return running;
    }

    void runs(TopicPartition partition, RunningPartition child) {
        running.put(partition, child);
    }

    @Nullable
    RunningPartition stopped(TopicPartition partition) {
        RunningPartition child = running.remove(partition);
        if (child != null) {
            update(partition, child);
        }
        return child;
    }

    HighWatermarks highWatermarks() {
        return highWatermarks;
    }

    /** Updates the checkpoint with the high watermarks of the running partitions. */
    void updateHighWatermarks() {
        running.forEach(this::update);
    }

    private void update(TopicPartition partition, RunningPartition child) {
        if (!child.isEnding()) {
            highWatermarks.update(partition, child.highWatermark());
        }
    }

    /** The next partition to ask whether it is idle; it moves to the end of the queue. */
    Optional<RunningPartition> nextToRest() {
        Iterator<Map.Entry<TopicPartition, RunningPartition>> all =
                running.entrySet().iterator();
        if (!all.hasNext()) {
            return Optional.empty();
        }
        Map.Entry<TopicPartition, RunningPartition> eldest = all.next();
        TopicPartition partition = eldest.getKey();
        RunningPartition child = eldest.getValue();
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
        Role role = as.configured().role();
        Resends producers = resends(partition);
        role.tell(producers, as.log().latestEpoch());
        if (role instanceof Role.Lead lead && lead.others().isEmpty() && !producers.areExpected()) {
            forgetResends(partition);
        }
    }

    /** What producers are about to send again to the partition, whether it runs or rests. */
    Resends resends(TopicPartition partition) {
        return resends.computeIfAbsent(partition, absent -> new Resends(clock));
    }

    void forgetResends(TopicPartition partition) {
        resends.remove(partition);
    }

    /** Ends the rest of the partition; returns whether it rested. */
    boolean wakes(TopicPartition partition) {
        return resting.remove(partition) != null;
    }

    /** The partitions that move to another data directory, those that were asked for first in front. */
    Map<TopicPartition, ReplicaMoves.Moving> moves() {
        return moves;
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

    /** A data directory could not be listed, so every partition may have files. */
    void mayAllHaveFiles() {
        allUnread = true;
    }

    /** Whether the partition has no records, and no actor that could write the first one. */
    boolean isUnwritten(TopicPartition partition) {
        RestingPartition known = resting.get(partition);
        return !running.containsKey(partition)
                && (known == null ? !allUnread && !unread.contains(partition) : known.neverWritten());
    }

    /**
     * Whether the partition runs or rests, or has files that were found and not opened yet; not if it is being removed.
     */
    boolean mayHaveFiles(TopicPartition partition) {
        RunningPartition child = running.get(partition);
        return child != null ? !child.isEnding() : resting.containsKey(partition) || unread.contains(partition);
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
