package io.aeon.coordinator.group;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/** One step of a group: the moment it happens at, and what it leads to. */
final class Turn {
    private final Now now;
    private final List<Reply<?>> replies = new ArrayList<>();
    private final List<Planned> appends = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Turn(Now now) {
        this.now = now;
    }

    Now now() {
        return now;
    }

    <T> void reply(CompletableFuture<T> to, T value) {
        replies.add(new Reply<>(to, value));
    }

    void append(List<GroupRecord> records, Settlement settlement) {
        appends.add(new Planned(records, settlement));
    }

    void note(String line) {
        notes.add(line);
    }

    List<Reply<?>> replies() {
        return replies;
    }

    List<Planned> appends() {
        return appends;
    }

    List<String> notes() {
        return notes;
    }

    /** Records and what follows from their outcome. */
    record Planned(List<GroupRecord> records, Settlement settlement) {}

    /** What an append leads to in a later turn. */
    interface Settlement {
        /**
         * @param error NONE if the records are durable
         * @param baseOffset offset of the first record then
         */
        void settle(Turn turn, Errors error, long baseOffset);
    }
}
