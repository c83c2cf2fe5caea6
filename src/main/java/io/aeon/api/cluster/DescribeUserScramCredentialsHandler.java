package io.aeon.api.cluster;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Metadata;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeUserScramCredentials (KIP-554): mechanisms and iterations, never what the credentials hold. */
public final class DescribeUserScramCredentialsHandler implements ApiHandler<DescribeUserScramCredentialsRequestData> {
    /** Heap of the answer for a credential, or for a user who has none, also while it is encoded. */
    private static final long CREDENTIAL = 1 << 10;

    private final Metadata metadata;

    public DescribeUserScramCredentialsHandler(Metadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public long answerBytes(DescribeUserScramCredentialsRequestData request, short version) {
        int users = request.users() == null || request.users().isEmpty()
                ? metadata.image().scramCredentials()
                : request.users().size();
        return AnswerSizes.unlessFew(CREDENTIAL * users);
    }

    @Override
    public CompletionStage<Reply> handle(DescribeUserScramCredentialsRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(Reply.of(metadata.image().describeScramCredentials(request)));
    }
}
