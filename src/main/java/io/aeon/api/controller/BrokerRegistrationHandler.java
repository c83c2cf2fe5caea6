package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.QuorumNode;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** BrokerRegistration (KIP-631). */
public final class BrokerRegistrationHandler implements ApiHandler<BrokerRegistrationRequestData> {
    private final QuorumNode node;

    public BrokerRegistrationHandler(QuorumNode node) {
        this.node = node;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.BROKER_REGISTRATION;
    }

    @Override
    public CompletionStage<Reply> handle(BrokerRegistrationRequestData request, RequestContext context) {
        return node.registerBroker(request, context.version()).thenApply(Reply::of);
    }
}
