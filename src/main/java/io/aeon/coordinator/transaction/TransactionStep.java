package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Note;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.transaction.TransactionCommand.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** One step of a transactional id: its time and its effects. */
final class TransactionStep {
    private final Now now;
    private final List<Reply<?>> replies = new ArrayList<>();
    private final List<Marker> markers = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private @Nullable TransactionRecord append;
    private boolean wantsProducerId;

    TransactionStep(Now now) {
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

    void append(TransactionRecord record) {
        append = record;
    }

    void send(List<Marker> more) {
        markers.addAll(more);
    }

    void wantProducerId() {
        wantsProducerId = true;
    }

    void note(Level level, String line) {
        notes.add(new Note(level, line));
    }

    /** @param ongoing the transaction that accepts records now */
    TransactionEffects effects(Optional<Ongoing> ongoing) {
        return new TransactionEffects(ongoing, append, markers, wantsProducerId, replies, notes);
    }
}
