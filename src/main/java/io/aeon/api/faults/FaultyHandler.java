package io.aeon.api.faults;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.Timer;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** A handler whose requests and answers the faults of a test act on. */
final class FaultyHandler<Q extends ApiMessage> implements ApiHandler<Q> {
    private final ApiHandler<Q> handler;
    private final RequestFaults faults;
    private final MessageParts parts;
    private final Timer timer;

    FaultyHandler(ApiHandler<Q> handler, RequestFaults faults, MessageParts parts, Timer timer) {
        this.handler = handler;
        this.faults = faults;
        this.parts = parts;
        this.timer = timer;
    }

    @Override
    public ApiKeys key() {
        return handler.key();
    }

    @Override
    public short oldestVersion() {
        return handler.oldestVersion();
    }

    @Override
    public short latestVersion() {
        return handler.latestVersion();
    }

    /** A request that is not answered must not keep its connection open when the client has gone. */
    @Override
    public boolean waitsForOthers() {
        return handler.waitsForOthers()
                || faults.exist(key(), rule -> rule.action().mayWait());
    }

    @Override
    public long answerBytes(Q request, short version) {
        return handler.answerBytes(request, version);
    }

    @Override
    public boolean isLimited() {
        return handler.isLimited();
    }

    @Override
    public int throttle(Reply reply, RequestContext context, long requestBytes, long answerBytes) {
        return handler.throttle(reply, context, requestBytes, answerBytes);
    }

    @Override
    public CompletionStage<Reply> handle(Q request, RequestContext context) {
        return faults.areNone()
                ? handler.handle(request, context)
                : new FaultyExchange<>(handler, request, context, faults, parts, timer).reply();
    }
}
