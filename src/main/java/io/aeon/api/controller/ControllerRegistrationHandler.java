package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.QuorumNode;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ControllerRegistrationRequestData;
import org.apache.kafka.common.message.ControllerRegistrationResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** ControllerRegistration (KIP-919). */
public final class ControllerRegistrationHandler implements ApiHandler<ControllerRegistrationRequestData> {
    private final QuorumNode node;

    public ControllerRegistrationHandler(QuorumNode node) {
        this.node = node;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.CONTROLLER_REGISTRATION;
    }

    @Override
    public CompletionStage<Reply> handle(ControllerRegistrationRequestData request, RequestContext context) {
        return node.registerController(request)
                .thenApply(registered -> Reply.of(new ControllerRegistrationResponseData()));
    }
}
