package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Controller;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** AlterUserScramCredentials (KIP-554). */
public final class AlterUserScramCredentialsHandler implements ApiHandler<AlterUserScramCredentialsRequestData> {
    private final Controller controller;

    public AlterUserScramCredentialsHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ALTER_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public CompletionStage<Reply> handle(AlterUserScramCredentialsRequestData request, RequestContext context) {
        return controller.alterScramCredentials(request).thenApply(Reply::of);
    }
}
