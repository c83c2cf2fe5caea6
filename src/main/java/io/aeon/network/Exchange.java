package io.aeon.network;

import io.aeon.api.Reply;
import io.aeon.protocol.Request;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * One request and its reply on their way through the layers of a connection: framing, decoding, session, encoding. Used
 * on the connection's own thread. {@link #busyUntil} covers the time in which another thread uses it too.
 */
final class Exchange {
    private final ByteBudget.Claim claim;
    private byte @Nullable [] frame;
    private @Nullable Request request;
    private @Nullable CompletableFuture<?> busy;
    private @Nullable CompletableFuture<Reply> reply;
    private boolean followed;
    private boolean waiting;

    Exchange(byte[] frame, ByteBudget.Claim claim) {
        this.frame = frame;
        this.claim = claim;
    }

    byte[] frame() {
        return Objects.requireNonNull(frame);
    }

    /**
     * Claims memory for the request and what it becomes.
     *
     * @param bytes of the frame and of its decoded form
     * @param granted see {@link ByteBudget.Claim#grow}
     * @return false if the memory is granted later
     */
    boolean claim(long bytes, Runnable granted) {
        return claim.grow(bytes, true, granted);
    }

    /** Drops the frame. The request keeps the parts of it that it needs. */
    void decoded(Request decoded) {
        request = decoded;
        frame = null;
    }

    Request request() {
        return Objects.requireNonNull(request);
    }

    /** Whether the next request for the same API may start before this one is answered. */
    boolean isPipelined() {
        return request().api() == ApiKeys.PRODUCE;
    }

    void handledBy(CompletableFuture<Reply> handler) {
        reply = handler;
        busyUntil(handler);
    }

    /**
     * The reply depends on an action of other clients. Until then the exchange holds neither the request's body nor its
     * memory.
     */
    void waitsForOthers() {
        waiting = true;
        request = request().withoutBody();
        claim.release();
    }

    /** Whether the request does nothing until another client acts. */
    boolean isWaitingForOthers() {
        return waiting && !isAnswered();
    }

    /** The reply, which may not be complete yet. */
    CompletableFuture<Reply> reply() {
        return Objects.requireNonNull(reply);
    }

    boolean isAnswered() {
        return reply().isDone();
    }

    /** Whether the reply is complete and is sent to the client. */
    boolean hasReply() {
        return isAnswered() && !reply().isCompletedExceptionally() && !(reply().join() instanceof Reply.None);
    }

    /** Another reply is ready and follows as soon as it is pulled. */
    void followedByAnother() {
        followed = true;
    }

    boolean isFollowed() {
        return followed;
    }

    /** Another thread uses this exchange until {@code work} is complete. */
    void busyUntil(CompletableFuture<?> work) {
        busy = work;
    }

    /** Releases what the exchange holds, as soon as no other thread uses it. Idempotent. */
    void end() {
        if (busy == null || busy.isDone()) {
            giveBack();
        } else {
            CompletionStage<?> work = busy;
            work.whenComplete((done, failure) -> giveBack());
        }
    }

    private void giveBack() {
        closeSlices();
        claim.release();
    }

    private void closeSlices() {
        if (reply != null
                && !reply.isCompletedExceptionally()
                && reply.getNow(Reply.NONE) instanceof Reply.WithSlices slices) {
            slices.slices().forEach(slice -> slice.close());
        }
    }
}
