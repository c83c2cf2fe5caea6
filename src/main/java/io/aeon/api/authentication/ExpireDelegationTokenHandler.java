package io.aeon.api.authentication;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ExpireDelegationTokenRequestData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** ExpireDelegationToken (KIP-48) on a listener that does not authenticate. */
final class ExpireDelegationTokenHandler implements ApiHandler<ExpireDelegationTokenRequestData> {
    @Override
    public ApiKeys key() {
        return ApiKeys.EXPIRE_DELEGATION_TOKEN;
    }

    @Override
    public CompletionStage<Reply> handle(ExpireDelegationTokenRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(Reply.of(new ExpireDelegationTokenResponseData()
                .setErrorCode(DelegationTokens.REFUSAL.code())
                .setExpiryTimestampMs(DelegationTokens.NO_TIME)));
    }
}
