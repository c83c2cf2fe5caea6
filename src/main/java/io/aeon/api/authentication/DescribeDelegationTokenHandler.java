package io.aeon.api.authentication;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeDelegationToken (KIP-48) on a listener that does not authenticate. */
final class DescribeDelegationTokenHandler implements ApiHandler<DescribeDelegationTokenRequestData> {
    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_DELEGATION_TOKEN;
    }

    @Override
    public CompletionStage<Reply> handle(DescribeDelegationTokenRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(
                Reply.of(new DescribeDelegationTokenResponseData().setErrorCode(DelegationTokens.REFUSAL.code())));
    }
}
