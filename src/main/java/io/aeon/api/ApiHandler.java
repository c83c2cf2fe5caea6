package io.aeon.api;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers one Kafka API. A handler never blocks. It keeps no state of a connection: the context carries that.
 *
 * @param <Q> the request's message
 */
public interface ApiHandler<Q extends ApiMessage> {
    ApiKeys key();

    /** First version answered; Kafka's own unless a handler says otherwise. */
    default short oldestVersion() {
        return key().oldestVersion();
    }

    /** Last version answered. ApiVersions advertises it, so name only a version that works. */
    default short latestVersion() {
        return key().latestVersion(false);
    }

    /**
     * Whether a reply may wait for an action of another client. While such a request waits, its memory is released, so
     * the handler must keep only the parts of the request that it still needs.
     */
    default boolean waitsForOthers() {
        return false;
    }

    /**
     * Heap that the answer may take while it is built and encoded, where that is not in proportion to the elements of
     * the request: for example the description of all topics. The request is handled when this memory is granted. Fast,
     * and without side effects.
     *
     * @return bytes; 0 if the memory of the request covers the work on its answer
     */
    default long answerBytes(Q request, short version) {
        return 0;
    }

    /** Whether {@link #throttle} has to be called. Fast. */
    default boolean isLimited() {
        return false;
    }

    /**
     * Counts a complete answer against the client's quota. If the client has exceeded it, sets the throttle time in the
     * answer (KIP-219).
     *
     * @param requestBytes size of the request
     * @param answerBytes size of the answer; 0 if there is none
     * @return milliseconds for which the connection takes no further request
     */
    default int throttle(Reply reply, RequestContext context, long requestBytes, long answerBytes) {
        return 0;
    }

    /**
     * Starts the work and returns the reply as a future. A mistake of the client is an error code in the reply. If the
     * stage fails, the client receives the API's own error response.
     */
    CompletionStage<Reply> handle(Q request, RequestContext context);
}
