package io.aeon.api;

import io.aeon.protocol.SupportedApis;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** The APIs that this broker answers: it dispatches requests and is the list behind ApiVersions. Thread-safe. */
public final class ApiTable implements SupportedApis {
    private final Map<ApiKeys, ApiHandler<?>> handlers = new EnumMap<>(ApiKeys.class);
    private final RequestCounters counters = new RequestCounters();

    /**
     * @param handlers one for each API except ApiVersions, whose handler is created here from this list and
     *     {@code broker}
     * @throws IllegalArgumentException two handlers answer the same API
     */
    public ApiTable(List<? extends ApiHandler<?>> handlers, BrokerIdentity broker) {
        this(withApiVersions(handlers, broker));
    }

    private ApiTable(Collection<? extends ApiHandler<?>> handlers) {
        for (ApiHandler<?> handler : handlers) {
            if (this.handlers.put(handler.key(), handler) != null) {
                throw new IllegalArgumentException("two handlers for " + handler.key().name);
            }
        }
    }

    private static List<ApiHandler<?>> withApiVersions(List<? extends ApiHandler<?>> handlers, BrokerIdentity broker) {
        List<ApiHandler<?>> all = new ArrayList<>(handlers);
        all.add(new ApiVersionsHandler(handlers, broker));
        return all;
    }

    /** The same APIs, each answered by what {@code around} makes of its handler. */
    public ApiTable with(UnaryOperator<ApiHandler<?>> around) {
        return new ApiTable(handlers.values().stream().map(around).toList());
    }

    @Override
    public boolean supports(ApiKeys api, short version) {
        ApiHandler<?> handler = handlers.get(api);
        return handler != null && version >= handler.oldestVersion() && version <= handler.latestVersion();
    }

    /** What is counted of the requests that are answered by this table. */
    public RequestCounters counters() {
        return counters;
    }

    /** Whether a reply to this API may wait for an action of another client. */
    public boolean waitsForOthers(ApiKeys api) {
        ApiHandler<?> handler = handlers.get(api);
        return handler != null && handler.waitsForOthers();
    }

    /** See {@link ApiHandler#isLimited}. */
    public boolean isLimited(ApiKeys api) {
        ApiHandler<?> handler = handlers.get(api);
        return handler != null && handler.isLimited();
    }

    /** See {@link ApiHandler#throttle}. */
    public int throttle(ApiKeys api, Reply reply, RequestContext context, long requestBytes, long answerBytes) {
        ApiHandler<?> handler = handlers.get(api);
        return handler == null ? 0 : handler.throttle(reply, context, requestBytes, answerBytes);
    }

    /** See {@link ApiHandler#answerBytes}. */
    public long answerBytes(ApiKeys api, short version, ApiMessage request) {
        ApiHandler<?> handler = handlers.get(api);
        return handler == null ? 0 : answerBytes(handler, version, request);
    }

    @SuppressWarnings("unchecked") // see handle
    private static <Q extends ApiMessage> long answerBytes(ApiHandler<Q> handler, short version, ApiMessage request) {
        return handler.answerBytes((Q) request, version);
    }

    /**
     * Passes a request to its handler.
     *
     * @param request an instance of the API's own request class
     * @throws IllegalArgumentException no handler answers this API
     */
    public CompletionStage<Reply> handle(ApiKeys api, ApiMessage request, RequestContext context) {
        ApiHandler<?> handler = handlers.get(api);
        if (handler == null) {
            throw new IllegalArgumentException(api.name + " has no handler");
        }
        return handle(handler, request, context);
    }

    /**
     * The reply to a request whose handler has failed.
     *
     * @param failure the cause itself, without a wrapping exception; it is not logged here
     * @return empty if the client gets no reply; then the caller ends the connection
     */
    public Optional<Reply> failed(ApiKeys api, short version, ApiMessage request, Throwable failure) {
        Errors error = ApiErrors.known(failure);
        return ErrorReplies.of(api, version, request, failure instanceof ApiException told ? told : error.exception());
    }

    @SuppressWarnings("unchecked") // the decoder creates each request as the class that the API's handler takes
    private static <Q extends ApiMessage> CompletionStage<Reply> handle(
            ApiHandler<Q> handler, ApiMessage request, RequestContext context) {
        return handler.handle((Q) request, context);
    }
}
