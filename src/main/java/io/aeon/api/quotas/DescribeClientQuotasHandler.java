package io.aeon.api.quotas;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.Metadata;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeClientQuotas (KIP-546). */
public final class DescribeClientQuotasHandler implements ApiHandler<DescribeClientQuotasRequestData> {
    /** Heap of an entity with its names and quotas, also while they are encoded. */
    private static final long ENTITY = 2 << 10;

    private final Metadata metadata;

    public DescribeClientQuotasHandler(Metadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_CLIENT_QUOTAS;
    }

    @Override
    public long answerBytes(DescribeClientQuotasRequestData request, short version) {
        return AnswerSizes.unlessFew(ENTITY * metadata.image().clientQuotas().size());
    }

    @Override
    public CompletionStage<Reply> handle(DescribeClientQuotasRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(Reply.of(metadata.image().describeClientQuotas(request)));
    }
}
