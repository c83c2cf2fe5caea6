package io.aeon.metadata.controller;

import io.aeon.metadata.image.KRaftImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.requests.ApiError;

/**
 * Charges a client's quota for the topics of one request (KIP-599), each topic by itself as Kafka's controller does:
 * one that the quota refuses does not affect the others. What the image shows to be refused by the controller is free.
 */
final class TopicCharges {
    private static final int DEFAULT = -1;

    private final KRaftImage image;
    private final int partitionsByDefault;
    private final IntConsumer quota;

    /**
     * @param partitionsByDefault partitions of a topic that is created without a number ({@code num.partitions})
     * @param quota receives the number of partitions of each topic; refuses them by an {@link ApiException}
     */
    TopicCharges(KRaftImage image, int partitionsByDefault, IntConsumer quota) {
        this.image = image;
        this.partitionsByDefault = partitionsByDefault;
        this.quota = quota;
    }

    /** Removes the topics that the quota refuses from the request, and returns their results. */
    List<CreatableTopicResult> takeRefused(CreateTopicsRequestData request) {
        List<CreatableTopicResult> refused = new ArrayList<>();
        request.topics()
                .removeIf(topic -> isRefused(
                        created(topic),
                        error -> refused.add(new CreatableTopicResult()
                                .setName(topic.name())
                                .setErrorCode(error.error().code())
                                .setErrorMessage(error.message()))));
        return refused;
    }

    /** Removes the topics that the quota refuses from the request, and returns their results. */
    List<DeletableTopicResult> takeRefused(DeleteTopicsRequestData request) {
        List<DeletableTopicResult> refused = new ArrayList<>();
        request.topics()
                .removeIf(topic -> isRefused(
                        deleted(topic), error -> refused.add(DeletionResult.of(topic.name(), topic.topicId(), error))));
        return refused;
    }

    /** Removes the topics that the quota refuses from the list, and returns their results. */
    List<CreatePartitionsTopicResult> takeRefused(List<CreatePartitionsTopic> topics) {
        List<CreatePartitionsTopicResult> refused = new ArrayList<>();
        topics.removeIf(topic -> isRefused(
                added(topic),
                error -> refused.add(new CreatePartitionsTopicResult()
                        .setName(topic.name())
                        .setErrorCode(error.error().code())
                        .setErrorMessage(error.message()))));
        return refused;
    }

    private boolean isRefused(int partitions, Consumer<ApiError> result) {
        if (partitions <= 0) {
            return false;
        }
        try {
            quota.accept(partitions);
            return false;
        } catch (ApiException e) {
            result.accept(ApiError.fromThrowable(e));
            return true;
        }
    }

    private int created(CreatableTopic topic) {
        if (image.topic(topic.name()).isPresent()) {
            return 0;
        }
        if (!topic.assignments().isEmpty()) {
            return topic.assignments().size();
        }
        return topic.numPartitions() == DEFAULT ? partitionsByDefault : topic.numPartitions();
    }

    private int deleted(DeleteTopicState topic) {
        return (topic.name() == null ? image.topic(topic.topicId()) : image.topic(topic.name()))
                .map(known -> known.partitions().size())
                .orElse(0);
    }

    private int added(CreatePartitionsTopic topic) {
        return image.topic(topic.name())
                .map(known -> topic.count() - known.partitions().size())
                .orElse(0);
    }
}
