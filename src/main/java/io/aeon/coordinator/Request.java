package io.aeon.coordinator;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/** A command whose sender waits for an answer. The reply is one of the effects of this step or of a later one. */
public interface Request<T> {
    CompletableFuture<T> reply();

    /** The answer if the whole request fails with {@code error}. */
    T refusal(Errors error);

    /** Whether the request has its answer, if only because that took too long. It is not carried out any more then. */
    default boolean isAnswered() {
        return reply().isDone();
    }

    default Reply<T> refused(Errors error) {
        return new Reply<>(reply(), refusal(error));
    }

    /** The answer while the coordinator still loads its state. */
    default Reply<T> whileLoading() {
        return refused(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    }

    /** Whether the request may wait for its coordinator instead of the answer {@link #whileLoading}. */
    default boolean mayWait() {
        return true;
    }

    /** Whether the answer waits for requests of other clients, as long as these take. */
    default boolean waitsForOthers() {
        return false;
    }

    /** Whether the request creates its group or transactional id if that does not exist. */
    default boolean creates() {
        return false;
    }
}
