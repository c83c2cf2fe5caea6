package io.aeon.api.authentication;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** SaslHandshake (KIP-43) on a listener without SASL. */
final class SaslHandshakeHandler implements ApiHandler<SaslHandshakeRequestData> {
    @Override
    public ApiKeys key() {
        return ApiKeys.SASL_HANDSHAKE;
    }

    @Override
    public CompletionStage<Reply> handle(SaslHandshakeRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(
                Reply.of(new SaslHandshakeResponseData().setErrorCode(Errors.ILLEGAL_SASL_STATE.code())));
    }
}
