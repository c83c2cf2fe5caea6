package io.aeon.api.topics;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.quotas.MutationQuota;
import io.aeon.api.quotas.MutationQuotas;
import io.aeon.metadata.Controller;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** CreatePartitions (KIP-195). */
public final class CreatePartitionsHandler implements ApiHandler<CreatePartitionsRequestData> {
    private static final ApiError DUPLICATE = new ApiError(Errors.INVALID_REQUEST, "Duplicate topic name.");

    private static final int FIRST_VERSION_WITH_QUOTA_ERROR = 3;

    private final Controller controller;
    private final PartitionLimit limit;
    private final MutationQuotas quotas;

    public CreatePartitionsHandler(Controller controller, PartitionLimit limit, MutationQuotas quotas) {
        this.controller = controller;
        this.limit = limit;
        this.quotas = quotas;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.CREATE_PARTITIONS;
    }

    @Override
    public boolean isLimited() {
        return quotas.exist();
    }

    @Override
    public int throttle(Reply reply, RequestContext context, long requestBytes, long answerBytes) {
        return reply instanceof Reply.Message message && message.body() instanceof CreatePartitionsResponseData response
                ? response.throttleTimeMs()
                : 0;
    }

    @Override
    public CompletionStage<Reply> handle(CreatePartitionsRequestData request, RequestContext context) {
        Map<String, ApiError> refused = refused(request.topics(), request.validateOnly());
        List<CreatePartitionsTopic> single = request.topics().stream()
                .filter(topic -> !refused.containsKey(topic.name()))
                .map(CreatePartitionsTopic::duplicate)
                .toList();
        MutationQuota quota = quotas.of(context, FIRST_VERSION_WITH_QUOTA_ERROR);
        return controller
                .createPartitions(single, request.validateOnly(), request.timeoutMs(), quota)
                .exceptionally(failure -> failed(single, ApiError.fromThrowable(failure)))
                .thenApply(results -> {
                    List<CreatePartitionsTopicResult> all = new ArrayList<>(results);
                    refused.forEach((name, error) -> all.add(result(name, error)));
                    return Reply.of(
                            new CreatePartitionsResponseData().setResults(all).setThrottleTimeMs(quota.throttleMs()));
                });
    }

    private Map<String, ApiError> refused(Collection<CreatePartitionsTopic> topics, boolean validateOnly) {
        Set<String> names = new HashSet<>();
        Map<String, ApiError> refused = new TreeMap<>();
        topics.forEach(topic -> {
            if (!names.add(topic.name())) {
                refused.put(topic.name(), DUPLICATE);
            }
        });
        topics.stream()
                .filter(topic -> !refused.containsKey(topic.name()))
                .forEach(topic -> limit.ofPartitions(topic.name(), topic.count(), validateOnly)
                        .ifPresent(error -> refused.put(topic.name(), error)));
        return refused;
    }

    private static List<CreatePartitionsTopicResult> failed(List<CreatePartitionsTopic> topics, ApiError error) {
        return topics.stream().map(topic -> result(topic.name(), error)).toList();
    }

    private static CreatePartitionsTopicResult result(String name, ApiError error) {
        return new CreatePartitionsTopicResult()
                .setName(name)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }
}
