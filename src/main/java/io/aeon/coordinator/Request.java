package io.aeon.coordinator;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/** A command somebody waits on: its reply is part of the effects of its step or of a later one. */
public interface Request<T> {
    CompletableFuture<T> reply();

    /** The answer if the whole request is refused. */
    T refusal(Errors error);

    default Reply<T> refused(Errors error) {
        return new Reply<>(reply(), refusal(error));
    }

    /** The answer while its coordinator still reads what is stored. */
    default Reply<T> whileLoading() {
        return refused(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    }

    /** Whether it may wait a while for its coordinator rather than be answered {@link #whileLoading}. */
    default boolean mayWait() {
        return true;
    }

    /** Whether what it is for begins with this request if it does not exist. */
    default boolean creates() {
        return false;
    }
}
