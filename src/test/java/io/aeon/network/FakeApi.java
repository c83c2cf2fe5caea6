package io.aeon.network;

import io.aeon.api.ApiHandler;
import io.aeon.api.ApiTable;
import io.aeon.api.BrokerIdentity;
import io.aeon.api.BrokerIdentity.Features;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** A handler that calls a function. */
record FakeApi(ApiKeys key, BiFunction<ApiMessage, RequestContext, CompletionStage<Reply>> answer)
        implements ApiHandler<ApiMessage> {
    /** What an answer to Metadata is said to take; one to ListGroups takes more than there is. */
    static final long LARGE_ANSWER = 1 << 20;

    @Override
    public CompletionStage<Reply> handle(ApiMessage request, RequestContext context) {
        return answer.apply(request, context);
    }

    @Override
    public boolean waitsForOthers() {
        return key == ApiKeys.FETCH;
    }

    @Override
    public long answerBytes(ApiMessage request, short version) {
        return switch (key) {
            case METADATA -> LARGE_ANSWER;
            case LIST_GROUPS -> Long.MAX_VALUE;
            default -> 0;
        };
    }

    static FakeApi replying(ApiKeys key, Reply reply) {
        return new FakeApi(key, (request, context) -> CompletableFuture.completedFuture(reply));
    }

    static ApiTable table(ApiHandler<?>... apis) {
        return new ApiTable(List.of(apis), new BrokerIdentity(1, () -> "cluster", () -> Features.NONE));
    }
}
