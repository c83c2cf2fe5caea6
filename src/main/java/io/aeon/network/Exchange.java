package io.aeon.network;

import io.aeon.api.Reply;
import io.aeon.protocol.Request;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * One request and its reply on their way through the layers of a connection: framed, decoded, handled, encoded. Used by
 * the connection's own thread; what other threads still do with it ends in {@link #busyUntil}.
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

    /** The frame is kept from here on only by what the request has of it. */
    void decoded(Request decoded) {
        request = decoded;
        frame = null;
    }

    Request request() {
        return Objects.requireNonNull(request);
    }

    /** Whether the next request of its kind may start before this one is answered. */
    boolean isPipelined() {
        return request().api() == ApiKeys.PRODUCE;
    }

    void handledBy(CompletableFuture<Reply> handler) {
        reply = handler;
        busyUntil(handler);
    }

    /** The reply depends on what other clients do: until then the exchange holds neither the request's body nor its memory. */
    void waitsForOthers() {
        waiting = true;
        request = request().withoutBody();
        claim.release();
    }

    /** Whether nothing is done for this request until another client does something. */
    boolean isWaitingForOthers() {
        return waiting && !isAnswered();
    }

    /** The reply under way. */
    CompletableFuture<Reply> reply() {
        return Objects.requireNonNull(reply);
    }

    boolean isAnswered() {
        return reply().isDone();
    }

    /** Whether the reply is there and the client gets something of it. */
    boolean hasReply() {
        return isAnswered() && !reply().isCompletedExceptionally() && !(reply().join() instanceof Reply.None);
    }

    /** Another reply comes as soon as it is asked for. */
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

    /** Gives back what the exchange holds, as soon as nobody uses it. Again has no effect. */
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
