package io.aeon.api.topics;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.quotas.MutationQuota;
import io.aeon.api.quotas.MutationQuotas;
import io.aeon.metadata.Controller;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** CreateTopics (KIP-4, KIP-525, KIP-516). The reply is sent when the topics accept records. */
public final class CreateTopicsHandler implements ApiHandler<CreateTopicsRequestData> {
    private static final ApiError DUPLICATE = new ApiError(Errors.INVALID_REQUEST, "Duplicate topic name.");
    private static final ApiError RESERVED = new ApiError(
            Errors.INVALID_REQUEST,
            "Creation of internal topic " + Topic.CLUSTER_METADATA_TOPIC_NAME + " is prohibited.");

    private static final int FIRST_VERSION_WITH_QUOTA_ERROR = 6;

    /** Heap of the result for a topic, which has all its settings. */
    private static final long CREATED = 16 << 10;

    private final Controller controller;
    private final PartitionLimit limit;
    private final MutationQuotas quotas;

    public CreateTopicsHandler(Controller controller, PartitionLimit limit, MutationQuotas quotas) {
        this.controller = controller;
        this.limit = limit;
        this.quotas = quotas;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.CREATE_TOPICS;
    }

    @Override
    public long answerBytes(CreateTopicsRequestData request, short version) {
        return AnswerSizes.unlessFew(CREATED * request.topics().size());
    }

    @Override
    public boolean isLimited() {
        return quotas.exist();
    }

    @Override
    public int throttle(Reply reply, RequestContext context, long requestBytes, long answerBytes) {
        return reply instanceof Reply.Message message && message.body() instanceof CreateTopicsResponseData response
                ? response.throttleTimeMs()
                : 0;
    }

    @Override
    public CompletionStage<Reply> handle(CreateTopicsRequestData request, RequestContext context) {
        CreateTopicsResponseData refused = takeRefused(request);
        List<String> asked = request.topics().stream().map(CreatableTopic::name).toList();
        MutationQuota quota = quotas.of(context, FIRST_VERSION_WITH_QUOTA_ERROR);
        return controller
                .createTopics(request, quota)
                .exceptionally(failure -> failed(asked, ApiError.fromThrowable(failure)))
                .thenApply(response -> {
                    refused.topics().forEach(topic -> response.topics().add(topic.duplicate()));
                    return Reply.of(response.setThrottleTimeMs(quota.throttleMs()));
                });
    }

    /** Removes from the request the topics that the controller must not get, and returns their results. */
    private CreateTopicsResponseData takeRefused(CreateTopicsRequestData request) {
        Set<String> names = new HashSet<>();
        Set<String> duplicates = new TreeSet<>();
        request.topics().forEach(topic -> {
            if (!names.add(topic.name())) {
                duplicates.add(topic.name());
            }
        });
        CreateTopicsResponseData refused = new CreateTopicsResponseData();
        duplicates.forEach(name -> refused.topics().add(result(name, DUPLICATE)));
        if (names.contains(Topic.CLUSTER_METADATA_TOPIC_NAME)
                && !duplicates.contains(Topic.CLUSTER_METADATA_TOPIC_NAME)) {
            refused.topics().add(result(Topic.CLUSTER_METADATA_TOPIC_NAME, RESERVED));
        }
        request.topics().stream()
                .filter(topic -> refused.topics().find(topic.name()) == null)
                .forEach(topic -> limit.ofTopic(
                                topic.name(),
                                partitions(topic),
                                topic.configs().stream().map(CreatableTopicConfig::value),
                                request.validateOnly())
                        .ifPresent(error -> refused.topics().add(result(topic.name(), error))));
        request.topics().removeIf(topic -> refused.topics().find(topic.name()) != null);
        return refused;
    }

    private static int partitions(CreatableTopic topic) {
        return topic.assignments().isEmpty()
                ? topic.numPartitions()
                : topic.assignments().size();
    }

    private static CreateTopicsResponseData failed(List<String> names, ApiError error) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        names.forEach(name -> response.topics().add(result(name, error)));
        return response;
    }

    private static CreatableTopicResult result(String name, ApiError error) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }
}
