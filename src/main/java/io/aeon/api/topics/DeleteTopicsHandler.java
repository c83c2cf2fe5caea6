package io.aeon.api.topics;

import io.aeon.api.AnswerEntries;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.quotas.MutationQuota;
import io.aeon.api.quotas.MutationQuotas;
import io.aeon.metadata.Controller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DeleteTopics by name, and also by id from version 6 (KIP-516). */
public final class DeleteTopicsHandler implements ApiHandler<DeleteTopicsRequestData> {
    private static final short FIRST_VERSION_WITH_IDS = 6;
    private static final short FIRST_VERSION_WITH_DISABLED = 3;
    private static final int FIRST_VERSION_WITH_QUOTA_ERROR = 5;

    private final Controller controller;
    private final boolean enabled;
    private final MutationQuotas quotas;

    /** @param enabled whether topics may be deleted ({@code delete.topic.enable}) */
    public DeleteTopicsHandler(Controller controller, boolean enabled, MutationQuotas quotas) {
        this.controller = controller;
        this.enabled = enabled;
        this.quotas = quotas;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DELETE_TOPICS;
    }

    @Override
    public boolean isLimited() {
        return quotas.exist();
    }

    @Override
    public int throttle(Reply reply, RequestContext context, long requestBytes, long answerBytes) {
        return reply instanceof Reply.Message message && message.body() instanceof DeleteTopicsResponseData response
                ? response.throttleTimeMs()
                : 0;
    }

    @Override
    public CompletionStage<Reply> handle(DeleteTopicsRequestData request, RequestContext context) {
        if (!enabled) {
            return CompletableFuture.completedFuture(disabled(request, context.version()));
        }
        MutationQuota quota = quotas.of(context, FIRST_VERSION_WITH_QUOTA_ERROR);
        DeleteTopicsRequestData named = new DeleteTopicsRequestData()
                .setTopics(asked(request, context.version()))
                .setTimeoutMs(request.timeoutMs());
        return controller
                .deleteTopics(named, quota)
                .thenApply(response -> Reply.of(response.setThrottleTimeMs(quota.throttleMs())));
    }

    private static Reply disabled(DeleteTopicsRequestData request, short version) {
        Errors error = version < FIRST_VERSION_WITH_DISABLED ? Errors.INVALID_REQUEST : Errors.TOPIC_DELETION_DISABLED;
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        asked(request, version)
                .forEach(topic -> response.responses()
                        .add(new AnswerEntries.DeletedTopic()
                                .setName(topic.name())
                                .setTopicId(topic.topicId())
                                .setErrorCode(error.code())));
        return Reply.of(response);
    }

    private static List<DeleteTopicState> asked(DeleteTopicsRequestData request, short version) {
        return version >= FIRST_VERSION_WITH_IDS
                ? request.topics()
                : request.topicNames().stream()
                        .map(name -> new DeleteTopicState().setName(name))
                        .toList();
    }
}
