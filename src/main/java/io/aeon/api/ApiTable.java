package io.aeon.api;

import io.aeon.protocol.SupportedApis;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** The APIs this broker answers: where requests are dispatched by, and what ApiVersions tells. Immutable. */
public final class ApiTable implements SupportedApis {
    private final Map<ApiKeys, ApiHandler<?>> handlers = new EnumMap<>(ApiKeys.class);

    /**
     * @param handlers one for each API but ApiVersions, which answers from this list and {@code broker}
     * @throws IllegalArgumentException two handlers for one API
     */
    public ApiTable(List<? extends ApiHandler<?>> handlers, BrokerIdentity broker) {
        List<ApiHandler<?>> all = new ArrayList<>(handlers);
        all.add(new ApiVersionsHandler(handlers, broker));
        for (ApiHandler<?> handler : all) {
            if (this.handlers.put(handler.key(), handler) != null) {
                throw new IllegalArgumentException("two handlers for " + handler.key().name);
            }
        }
    }

    @Override
    public boolean supports(ApiKeys api, short version) {
        ApiHandler<?> handler = handlers.get(api);
        return handler != null && version >= handler.oldestVersion() && version <= handler.latestVersion();
    }

    /** Whether a reply to this API may wait for what other clients do. */
    public boolean waitsForOthers(ApiKeys api) {
        ApiHandler<?> handler = handlers.get(api);
        return handler != null && handler.waitsForOthers();
    }

    /**
     * Hands a request to its handler.
     *
     * @param request of the API's own class
     * @throws IllegalArgumentException nobody answers this API
     */
    public CompletionStage<Reply> handle(ApiKeys api, ApiMessage request, RequestContext context) {
        ApiHandler<?> handler = handlers.get(api);
        if (handler == null) {
            throw new IllegalArgumentException(api.name + " is not answered");
        }
        return handle(handler, request, context);
    }

    /**
     * What the client is told when the handler of its request has failed.
     *
     * @param failure not wrapped into another; it is not logged here
     * @return empty if it is told nothing and its connection ends
     */
    public Optional<Reply> failed(ApiKeys api, short version, ApiMessage request, Throwable failure) {
        Errors error = ApiErrors.known(failure);
        return ErrorReplies.of(api, version, request, failure instanceof ApiException told ? told : error.exception());
    }

    @SuppressWarnings("unchecked") // the decoder makes each API's request of the class its handler takes
    private static <Q extends ApiMessage> CompletionStage<Reply> handle(
            ApiHandler<Q> handler, ApiMessage request, RequestContext context) {
        return handler.handle((Q) request, context);
    }
}
