package io.aeon.api.authentication;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** RenewDelegationToken (KIP-48) on a listener that does not authenticate. */
final class RenewDelegationTokenHandler implements ApiHandler<RenewDelegationTokenRequestData> {
    @Override
    public ApiKeys key() {
        return ApiKeys.RENEW_DELEGATION_TOKEN;
    }

    @Override
    public CompletionStage<Reply> handle(RenewDelegationTokenRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(Reply.of(new RenewDelegationTokenResponseData()
                .setErrorCode(DelegationTokens.REFUSAL.code())
                .setExpiryTimestampMs(DelegationTokens.NO_TIME)));
    }
}
