package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.ApiTable;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * An API whose requests wait until the controller exists. The listener is bound earlier, because the controller tells
 * other nodes its address.
 */
public final class DeferredHandler implements ApiHandler<ApiMessage> {
    private final ApiKeys key;
    private final CompletionStage<ApiTable> apis;

    /** @param apis completes with a table that has a handler for {@code key} */
    public DeferredHandler(ApiKeys key, CompletionStage<ApiTable> apis) {
        this.key = key;
        this.apis = apis;
    }

    @Override
    public ApiKeys key() {
        return key;
    }

    /** A follower's fetch waits for the changes of others. */
    @Override
    public boolean waitsForOthers() {
        return key == ApiKeys.FETCH;
    }

    @Override
    public CompletionStage<Reply> handle(ApiMessage request, RequestContext context) {
        return apis.thenCompose(table -> table.handle(key, request, context));
    }
}
