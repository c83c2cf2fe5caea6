package io.aeon.api;

import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.jspecify.annotations.Nullable;

/**
 * The error responses that have the error in each entry of the request, and whose entries kafka-clients would keep in a
 * hash collection although nobody has checked their keys; see {@link AnswerEntries}.
 */
final class EntryErrors {
    private static final short FIRST_VERSION_WITH_MANY_TRANSACTIONS = 4;

    private EntryErrors() {}

    /** Empty for an API with another kind of error response. */
    static Optional<ApiMessage> of(ApiMessage request, short version, short error) {
        if (request instanceof MetadataRequestData metadata) {
            return Optional.of(metadata(metadata, error));
        }
        if (request instanceof DescribeTopicPartitionsRequestData descriptions) {
            return Optional.of(descriptions(descriptions, error));
        }
        if (request instanceof DeleteTopicsRequestData topics) {
            return Optional.of(topics(topics, error));
        }
        if (request instanceof DeleteGroupsRequestData groups) {
            return Optional.of(groups(groups, error));
        }
        if (request instanceof DeleteRecordsRequestData records) {
            return Optional.of(records(records, error));
        }
        return request instanceof AddPartitionsToTxnRequestData partitions
                        && version < FIRST_VERSION_WITH_MANY_TRANSACTIONS
                ? Optional.of(partitions(partitions, error))
                : Optional.empty();
    }

    private static ApiMessage metadata(MetadataRequestData request, short error) {
        MetadataResponseData response = new MetadataResponseData().setErrorCode(error);
        if (request.topics() != null) {
            request.topics()
                    .forEach(topic -> response.topics()
                            .add(new AnswerEntries.MetadataTopic()
                                    .setName(topic.name() == null ? "" : topic.name())
                                    .setTopicId(topic.topicId())
                                    .setErrorCode(error)));
        }
        return response;
    }

    private static ApiMessage descriptions(DescribeTopicPartitionsRequestData request, short error) {
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        request.topics()
                .forEach(topic -> response.topics()
                        .add(new AnswerEntries.DescribedTopic()
                                .setName(topic.name())
                                .setErrorCode(error)));
        return response;
    }

    /** Older versions have names only, which are in a list of their own. */
    private static ApiMessage topics(DeleteTopicsRequestData request, short error) {
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        request.topicNames().forEach(name -> response.responses().add(deleted(name, Uuid.ZERO_UUID, error)));
        request.topics().forEach(topic -> response.responses().add(deleted(topic.name(), topic.topicId(), error)));
        return response;
    }

    private static DeletableTopicResult deleted(@Nullable String name, Uuid id, short error) {
        return new AnswerEntries.DeletedTopic().setName(name).setTopicId(id).setErrorCode(error);
    }

    private static ApiMessage groups(DeleteGroupsRequestData request, short error) {
        DeleteGroupsResponseData response = new DeleteGroupsResponseData();
        request.groupsNames()
                .forEach(group -> response.results()
                        .add(new AnswerEntries.DeletedGroup().setGroupId(group).setErrorCode(error)));
        return response;
    }

    private static ApiMessage records(DeleteRecordsRequestData request, short error) {
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        request.topics().forEach(topic -> {
            DeleteRecordsTopicResult result = new AnswerEntries.RecordsOfTopic().setName(topic.name());
            response.topics().add(result);
            topic.partitions()
                    .forEach(partition -> result.partitions()
                            .add(new AnswerEntries.RecordsOfPartition()
                                    .setPartitionIndex(partition.partitionIndex())
                                    .setLowWatermark(DeleteRecordsResponse.INVALID_LOW_WATERMARK)
                                    .setErrorCode(error)));
        });
        return response;
    }

    private static ApiMessage partitions(AddPartitionsToTxnRequestData request, short error) {
        AddPartitionsToTxnResponseData response = new AddPartitionsToTxnResponseData();
        request.v3AndBelowTopics().forEach(topic -> {
            AddPartitionsToTxnTopicResult result = new AddPartitionsToTxnTopicResult().setName(topic.name());
            response.resultsByTopicV3AndBelow().add(result);
            topic.partitions()
                    .forEach(index -> result.resultsByPartition()
                            .add(new AnswerEntries.PartitionOfTransaction()
                                    .setPartitionIndex(index)
                                    .setPartitionErrorCode(error)));
        });
        return response;
    }
}
