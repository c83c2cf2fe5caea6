package io.aeon.api.authentication;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.CreateDelegationTokenResponse;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** CreateDelegationToken (KIP-48, KIP-373) on a listener that does not authenticate. */
final class CreateDelegationTokenHandler implements ApiHandler<CreateDelegationTokenRequestData> {
    @Override
    public ApiKeys key() {
        return ApiKeys.CREATE_DELEGATION_TOKEN;
    }

    @Override
    public CompletionStage<Reply> handle(CreateDelegationTokenRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(Reply.of(CreateDelegationTokenResponse.prepareResponse(
                        context.version(), 0, DelegationTokens.REFUSAL, owner(request), KafkaPrincipal.ANONYMOUS)
                .data()));
    }

    private static KafkaPrincipal owner(CreateDelegationTokenRequestData request) {
        String type = request.ownerPrincipalType();
        String name = request.ownerPrincipalName();
        return type == null || name == null || name.isEmpty()
                ? KafkaPrincipal.ANONYMOUS
                : new KafkaPrincipal(type, name);
    }
}
