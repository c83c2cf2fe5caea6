package io.aeon.api;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers one Kafka API. A handler never blocks and holds no state of a connection but what the context carries.
 *
 * @param <Q> the request's message
 */
public interface ApiHandler<Q extends ApiMessage> {
    ApiKeys key();

    /** First version answered; Kafka's own unless a handler says otherwise. */
    default short oldestVersion() {
        return key().oldestVersion();
    }

    /** Last version answered. Advertised by ApiVersions, so announce only what works. */
    default short latestVersion() {
        return key().latestVersion(false);
    }

    /**
     * Whether a reply may wait for what other clients do. Such a request is not counted as one under way while it waits, so
     * the handler keeps only what it needs of it.
     */
    default boolean waitsForOthers() {
        return false;
    }

    /**
     * Starts the work and returns the reply to come. What the client did wrong is an error code in the reply; if
     * the stage fails, the client gets the API's own error response.
     */
    CompletionStage<Reply> handle(Q request, RequestContext context);
}
