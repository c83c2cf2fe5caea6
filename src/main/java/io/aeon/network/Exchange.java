package io.aeon.network;

import io.aeon.api.Reply;
import io.aeon.api.RequestCounters;
import io.aeon.protocol.Request;
import io.aeon.protocol.ResponseEncoder;
import io.aeon.protocol.ResponseFrame;
import io.aeon.storage.file.LogSlice;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * One request and its reply on their way through the layers of a connection: framing, decoding, session, encoding. Used
 * on the connection's own thread. {@link #busyUntil} covers the time in which another thread uses it too.
 */
final class Exchange {
    /**
     * To decode a request to as many bytes, or to build an answer of as many, takes the time of many usual requests: it
     * waits until the others are served.
     */
    static final int HEAVY_BYTES = 64 << 10;

    private final ByteBudget.Claim claim;
    private final int requestBytes;
    private final RequestCounters counters;
    private final long arrived;
    private byte @Nullable [] frame;
    private @Nullable Request request;
    private @Nullable ApiKeys api;
    private @Nullable CompletableFuture<?> busy;
    private @Nullable CompletableFuture<Reply> reply;
    private @Nullable ResponseEncoder encoder;
    private ByteBudget.@Nullable Claim answer;
    private List<LogSlice> slices = List.of();
    private boolean followed;
    private boolean waiting;
    private boolean heavy;
    private long needed;

    /** @param arrived time of the request's last byte, a {@link System#nanoTime()} value */
    Exchange(byte[] frame, ByteBudget.Claim claim, RequestCounters counters, long arrived) {
        this.frame = frame;
        this.requestBytes = frame.length;
        this.claim = claim;
        this.counters = counters;
        this.arrived = arrived;
    }

    /** Size of the request without its length field. */
    int requestBytes() {
        return requestBytes;
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
        needed = bytes;
        return claim.grow(bytes, true, granted);
    }

    /** Drops the frame. The request keeps the parts of it that it needs. */
    void decoded(Request decoded) {
        request = decoded;
        api = decoded.api();
        frame = null;
    }

    /** The request; there is none any more after {@link #encode}. */
    Request request() {
        return Objects.requireNonNull(request);
    }

    ApiKeys api() {
        return Objects.requireNonNull(api);
    }

    /** Whether the next request for the same API may start before this one is answered. */
    boolean isPipelined() {
        return api == ApiKeys.PRODUCE;
    }

    /**
     * The answer takes the time of many usual ones. Many requests may wait for their turn, each with no more memory
     * than it needs.
     */
    void heavyToAnswer() {
        heavy = true;
        claim.shrink(needed);
    }

    boolean isHeavyToAnswer() {
        return heavy;
    }

    /** Sets the reply, which takes the place of one that cannot be sent. */
    void handledBy(CompletableFuture<Reply> handler) {
        closeSlices();
        reply = handler;
        encoder = null;
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

    /**
     * Claims memory for the answer. A second call grows the claim.
     *
     * @param budget of all answers
     * @param bytes that the answer takes while it is built, or its encoded form
     * @param granted see {@link ByteBudget.Claim#grow}
     * @return false if the memory is granted later
     */
    boolean claimAnswer(ByteBudget budget, long bytes, Runnable granted) {
        if (answer == null) {
            answer = budget.claim(bytes);
        }
        return answer.grow(bytes, true, granted);
    }

    /** Whether memory for the answer has been asked for and is not granted yet. */
    boolean isAnswerWaiting() {
        return answer != null && answer.isWaiting();
    }

    /** Determines the size of the complete reply. From now on its message must not change. */
    ResponseEncoder measured() {
        if (encoder == null) {
            Reply complete = reply().join();
            ApiMessage body =
                    complete instanceof Reply.WithSlices sliced ? sliced.body() : ((Reply.Message) complete).body();
            encoder = new ResponseEncoder(
                    request().api(), request().version(), request().correlationId(), body);
        }
        return encoder;
    }

    /** Size of the measured reply; 0 if there is none. */
    long answerBytes() {
        if (!hasReply()) {
            return 0;
        }
        long records = reply().join() instanceof Reply.WithSlices sliced
                ? sliced.slices().stream().mapToLong(LogSlice::size).sum()
                : 0;
        return measured().fixedBytes() + records;
    }

    /** The message of the reply has changed after it was measured. */
    void unmeasured() {
        encoder = null;
    }

    /**
     * Encodes the measured reply. The exchange then holds only the frame's memory and the slices of the log; what the
     * request and the reply's message take is released.
     */
    ResponseFrame encode() {
        ResponseFrame frame = measured().encode();
        Reply sent = reply().join();
        if (sent instanceof Reply.WithSlices sliced) {
            slices = sliced.slices();
        }
        counters.of(api()).count(sent);
        encoder = null;
        reply = null;
        request = null;
        claim.release();
        if (answer != null) {
            answer.shrink(frame.fixedBytes());
        }
        return frame;
    }

    /** Whether all records of the reply can be read without waiting for a disk. */
    boolean isHot() {
        return !(reply().join() instanceof Reply.WithSlices sliced)
                || sliced.slices().stream().allMatch(LogSlice::hot);
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

    /** The answer was passed to the socket, or none is sent. A frame that could not be decoded is not counted. */
    void complete() {
        if (api != null) {
            counters.of(api).took(System.nanoTime() - arrived);
        }
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
        if (answer != null) {
            answer.release();
        }
    }

    private void closeSlices() {
        slices.forEach(LogSlice::close);
        if (reply != null
                && !reply.isCompletedExceptionally()
                && reply.getNow(Reply.NONE) instanceof Reply.WithSlices unsent) {
            unsent.slices().forEach(LogSlice::close);
        }
    }
}
