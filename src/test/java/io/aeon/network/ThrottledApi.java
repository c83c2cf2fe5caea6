package io.aeon.network;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * An API whose clients have a quota.
 *
 * @param throttleMs of the next answer; negative while there is no quota
 */
record ThrottledApi(FakeApi api, IntSupplier throttleMs) implements ApiHandler<ApiMessage> {
    @Override
    public ApiKeys key() {
        return api.key();
    }

    @Override
    public CompletionStage<Reply> handle(ApiMessage request, RequestContext context) {
        return api.handle(request, context);
    }

    @Override
    public boolean isLimited() {
        return throttleMs.getAsInt() >= 0;
    }

    @Override
    public int throttle(Reply reply, RequestContext context, long requestBytes, long answerBytes) {
        return throttleMs.getAsInt();
    }
}
