package io.aeon.metadata.controller;

import io.aeon.metadata.channel.TopicMessages;
import io.aeon.metadata.image.Images;
import io.aeon.metadata.image.KRaftImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.utils.Time;

/**
 * Creates and changes topics by the active controller. This broker's image contains what was created, and lacks what
 * was deleted, when the change completes, unless it is seconds behind. Thread-safe.
 */
final class RemoteTopics {
    private static final long MOST_VISIBLE_MS = 2_000;
    /**
     * The controller answers an unknown id without a name, and the time to decode an answer grows with the square of
     * such entries. Topics that this broker has not heard of yet are seldom so many.
     */
    private static final int MOST_UNKNOWN_IDS = 1_000;

    private final int partitionsByDefault;
    private final ControllerCalls calls;
    private final Images images;
    private final Time time;

    /** @param partitionsByDefault partitions of a topic that is created without a number ({@code num.partitions}) */
    RemoteTopics(int partitionsByDefault, ControllerCalls calls, Images images, Time time) {
        this.partitionsByDefault = partitionsByDefault;
        this.calls = calls;
        this.images = images;
        this.time = time;
    }

    CompletableFuture<CreateTopicsResponseData> create(CreateTopicsRequestData request, IntConsumer quota) {
        CreateTopicsRequestData charged = request.duplicate();
        List<CreatableTopicResult> refused = charges(quota).takeRefused(charged);
        return calls.send(ApiKeys.CREATE_TOPICS, charged, request.timeoutMs(), CreateTopicsResponseData.class)
                .thenCompose(response -> whenVisible(
                        response,
                        image -> request.validateOnly()
                                || response.topics().stream()
                                        .filter(topic -> topic.errorCode() == Errors.NONE.code())
                                        .allMatch(topic ->
                                                image.topic(topic.name()).isPresent())))
                .thenApply(response -> {
                    response.topics().addAll(refused);
                    return response;
                });
    }

    CompletableFuture<DeleteTopicsResponseData> delete(DeleteTopicsRequestData request, IntConsumer quota) {
        DeleteTopicsRequestData charged = request.duplicate();
        List<DeletableTopicResult> refused = charges(quota).takeRefused(charged);
        refused.addAll(takeUnknown(charged));
        return calls.send(ApiKeys.DELETE_TOPICS, charged, request.timeoutMs(), DeleteTopicsResponseData.class)
                .thenCompose(response -> whenVisible(
                        response,
                        image -> response.responses().stream()
                                .filter(topic -> topic.errorCode() == Errors.NONE.code())
                                .noneMatch(topic -> image.topic(topic.topicId()).isPresent())))
                .thenApply(response -> withRefused(response, refused));
    }

    /** Removes the ids that this broker's image lacks from the request, except the first ones; returns their results. */
    private List<DeletableTopicResult> takeUnknown(DeleteTopicsRequestData request) {
        KRaftImage image = images.latest();
        List<DeletableTopicResult> taken = new ArrayList<>();
        List<DeleteTopicState> kept = new ArrayList<>();
        int unknown = 0;
        for (DeleteTopicState topic : request.topics()) {
            boolean isUnknown =
                    topic.name() == null && image.topic(topic.topicId()).isEmpty();
            unknown += isUnknown ? 1 : 0;
            if (isUnknown && unknown > MOST_UNKNOWN_IDS) {
                taken.add(DeletionResult.of(null, topic.topicId(), new ApiError(Errors.UNKNOWN_TOPIC_ID)));
            } else {
                kept.add(topic);
            }
        }
        request.setTopics(kept);
        return taken;
    }

    private static DeleteTopicsResponseData withRefused(
            DeleteTopicsResponseData response, List<DeletableTopicResult> refused) {
        DeleteTopicsResponseData all = new DeleteTopicsResponseData();
        all.responses().addAll(refused);
        response.responses()
                .forEach(result -> all.responses()
                        .add(DeletionResult.of(
                                result.name(),
                                result.topicId(),
                                new ApiError(Errors.forCode(result.errorCode()), result.errorMessage()))));
        return all;
    }

    CompletableFuture<List<CreatePartitionsTopicResult>> addPartitions(
            List<CreatePartitionsTopic> topics, boolean validateOnly, int timeoutMs, IntConsumer quota) {
        List<CreatePartitionsTopic> charged = new ArrayList<>(topics);
        List<CreatePartitionsTopicResult> refused = charges(quota).takeRefused(charged);
        return calls.send(
                        ApiKeys.CREATE_PARTITIONS,
                        TopicMessages.partitions(charged, validateOnly, timeoutMs),
                        timeoutMs,
                        CreatePartitionsResponseData.class)
                .thenApply(response -> {
                    response.results().addAll(refused);
                    return response.results();
                });
    }

    private TopicCharges charges(IntConsumer quota) {
        return new TopicCharges(images.latest(), partitionsByDefault, quota);
    }

    /** Completes with {@code result} when this broker's image shows it, or soon after it should have. */
    private <T> CompletableFuture<T> whenVisible(T result, Predicate<KRaftImage> shown) {
        long deadline = time.milliseconds() + MOST_VISIBLE_MS;
        return images.when(image -> shown.test(image) || time.milliseconds() > deadline)
                .thenApply(image -> result)
                .completeOnTimeout(result, MOST_VISIBLE_MS, TimeUnit.MILLISECONDS);
    }
}
