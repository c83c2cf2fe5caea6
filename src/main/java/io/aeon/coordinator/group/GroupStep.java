package io.aeon.coordinator.group;

import io.aeon.coordinator.Note;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.Request;
import io.aeon.coordinator.TransactionalWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** One step of a group: its time and its effects. */
final class GroupStep {
    private final Now now;
    private final List<Reply<?>> replies = new ArrayList<>();
    private final List<Planned> appends = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    GroupStep(Now now) {
        this.now = now;
    }

    Now now() {
        return now;
    }

    <T> void reply(CompletableFuture<T> to, T value) {
        replies.add(new Reply<>(to, value));
    }

    void refuse(Request<?> request, Errors error) {
        replies.add(request.refused(error));
    }

    void append(List<GroupRecord> records, Settlement settlement) {
        append(records, null, settlement);
    }

    /** @param writer the producer to whose transaction the records belong, null if there is none */
    void append(List<GroupRecord> records, @Nullable TransactionalWriter writer, Settlement settlement) {
        appends.add(new Planned(records, writer, settlement));
    }

    void note(Level level, String line) {
        notes.add(new Note(level, line));
    }

    List<Reply<?>> replies() {
        return replies;
    }

    List<Planned> appends() {
        return appends;
    }

    List<Note> notes() {
        return notes;
    }

    /** Records, and the reaction to the result of their append. */
    record Planned(List<GroupRecord> records, @Nullable TransactionalWriter writer, Settlement settlement) {}

    /** The reaction to the result of an append, in a later step. */
    interface Settlement {
        /**
         * @param error NONE if the records are durable
         * @param baseOffset offset of the first record if the records are durable
         */
        void settle(GroupStep step, Errors error, long baseOffset);
    }
}
