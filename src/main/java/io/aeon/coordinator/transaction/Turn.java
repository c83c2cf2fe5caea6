package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.transaction.TransactionCommand.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** One step of a transactional id: the moment it happens at, and what it leads to. */
final class Turn {
    private final Now now;
    private final List<Reply<?>> replies = new ArrayList<>();
    private final List<Marker> markers = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private @Nullable TransactionRecord append;
    private boolean wantsProducerId;

    Turn(Now now) {
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

    void note(String line) {
        notes.add(line);
    }

    Effects effects() {
        return new Effects(append, markers, wantsProducerId, replies, notes);
    }
}
