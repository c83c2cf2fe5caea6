package io.aeon.api.topics;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.api.quotas.MutationQuota;
import io.aeon.api.quotas.MutationQuotas;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/** DeleteTopics by name, and also by id from version 6 (KIP-516). */
public final class DeleteTopicsHandler implements ApiHandler<DeleteTopicsRequestData> {
    private static final short FIRST_VERSION_WITH_IDS = 6;
    private static final short FIRST_VERSION_WITH_DISABLED = 3;
    private static final int FIRST_VERSION_WITH_QUOTA_ERROR = 5;

    private final Metadata metadata;
    private final boolean enabled;
    private final MutationQuotas quotas;

    /** @param enabled whether topics may be deleted ({@code delete.topic.enable}) */
    public DeleteTopicsHandler(Metadata metadata, boolean enabled, MutationQuotas quotas) {
        this.metadata = metadata;
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
        Selection selection = new Selection(metadata.image(), asked(request, context.version()));
        if (request.timeoutMs() <= 0 && selection.isLookedUp()) {
            throw Errors.REQUEST_TIMED_OUT.exception();
        }
        Map<Uuid, @Nullable String> chosen = selection.chosen();
        MutationQuota quota = quotas.of(context, FIRST_VERSION_WITH_QUOTA_ERROR);
        return metadata.controller()
                .deleteTopics(Set.copyOf(chosen.keySet()), request.timeoutMs(), quota)
                .exceptionally(failure -> {
                    Map<Uuid, ApiError> all = new HashMap<>();
                    chosen.keySet().forEach(id -> all.put(id, ApiError.fromThrowable(failure)));
                    return all;
                })
                .thenApply(results -> reply(selection, results, quota.throttleMs()));
    }

    private static Reply disabled(DeleteTopicsRequestData request, short version) {
        Errors error = version < FIRST_VERSION_WITH_DISABLED ? Errors.INVALID_REQUEST : Errors.TOPIC_DELETION_DISABLED;
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        asked(request, version)
                .forEach(topic -> response.responses()
                        .add(new DeletableTopicResult()
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

    private static Reply reply(Selection selection, Map<Uuid, ApiError> results, int throttleMs) {
        DeleteTopicsResponseData response = new DeleteTopicsResponseData().setThrottleTimeMs(throttleMs);
        selection.refused().forEach(response.responses()::add);
        selection.chosen().forEach((id, name) -> response.responses().add(result(name, id, results.get(id))));
        return Reply.of(response);
    }

    private static DeletableTopicResult result(@Nullable String name, Uuid id, @Nullable ApiError error) {
        ApiError told = error == null ? new ApiError(Errors.UNKNOWN_SERVER_ERROR) : error;
        return new DeletableTopicResult()
                .setName(name)
                .setTopicId(id)
                .setErrorCode(told.error().code())
                .setErrorMessage(told.message());
    }

    /** Divides the requested topics into topics to delete and topics that are refused at once. */
    private static final class Selection {
        private final TopicResolver topics;
        private final Map<Uuid, @Nullable String> chosen = new LinkedHashMap<>();
        private final List<DeletableTopicResult> refused = new ArrayList<>();
        private boolean lookedUp;

        Selection(ClusterImage image, List<DeleteTopicState> asked) {
            this.topics = new TopicResolver(image);
            Map<DeleteTopicState, Integer> times = new LinkedHashMap<>();
            asked.forEach(topic -> times.merge(topic, 1, Integer::sum));
            times.forEach((topic, count) -> {
                if (topic.name() == null) {
                    selectById(topic.topicId(), count);
                }
            });
            times.forEach((topic, count) -> {
                if (topic.name() != null) {
                    selectByName(topic.name(), topic.topicId(), count);
                }
            });
        }

        Map<Uuid, @Nullable String> chosen() {
            return chosen;
        }

        List<DeletableTopicResult> refused() {
            return refused;
        }

        /** Whether a topic was looked up: Kafka asks its controller for that, and needs time. */
        boolean isLookedUp() {
            return lookedUp;
        }

        private void selectById(Uuid id, int times) {
            ResolvedTopic topic = topics.byId(id);
            if (id.equals(Uuid.ZERO_UUID)) {
                refuse(null, id, Errors.INVALID_REQUEST, "Neither topic name nor id were specified.");
            } else if (times > 1) {
                refuse(null, id, Errors.INVALID_REQUEST, "Duplicate topic id.");
            } else {
                lookedUp = true;
                select(null, id, topic);
            }
        }

        private void selectByName(String name, Uuid id, int times) {
            ResolvedTopic topic = topics.byName(name);
            if (!id.equals(Uuid.ZERO_UUID)) {
                refuse(name, id, Errors.INVALID_REQUEST, "You may not specify both topic name and topic id.");
            } else if (times > 1) {
                refuse(name, id, Errors.INVALID_REQUEST, "Duplicate topic name.");
            } else {
                lookedUp = true;
                select(name, id, topic);
            }
        }

        private void select(@Nullable String name, Uuid id, ResolvedTopic topic) {
            if (!topic.exists()) {
                refuse(name, id, topic.error(), topic.error().message());
            } else if (chosen.containsKey(topic.topic().id())) {
                chosen.remove(topic.topic().id());
                refuse(
                        name,
                        topic.topic().id(),
                        Errors.INVALID_REQUEST,
                        "The provided topic name maps to an ID that was already supplied.");
            } else {
                chosen.put(topic.topic().id(), topic.topic().name());
            }
        }

        private void refuse(@Nullable String name, Uuid id, Errors error, String message) {
            refused.add(result(name, id, new ApiError(error, message)));
        }
    }
}
