package io.aeon.api.topics;

import io.aeon.api.AnswerEntries;
import io.aeon.api.ApiHandler;
import io.aeon.api.AuthorizedOperations;
import io.aeon.api.ErrorReplies;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeTopicPartitions (KIP-966): topics ordered by name, page by page. */
public final class DescribeTopicPartitionsHandler implements ApiHandler<DescribeTopicPartitionsRequestData> {
    /** Kafka's default for max.request.partition.size.limit. */
    private static final int MAX_PARTITIONS = 2000;

    private final Metadata metadata;
    private final Partitions partitions;

    public DescribeTopicPartitionsHandler(Metadata metadata, Partitions partitions) {
        this.metadata = metadata;
        this.partitions = partitions;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public CompletionStage<Reply> handle(DescribeTopicPartitionsRequestData request, RequestContext context) {
        try {
            return CompletableFuture.completedFuture(Reply.of(page(request, context)));
        } catch (InvalidRequestException e) {
            return CompletableFuture.completedFuture(
                    ErrorReplies.of(key(), context.version(), request, e).orElseThrow());
        }
    }

    private DescribeTopicPartitionsResponseData page(
            DescribeTopicPartitionsRequestData request, RequestContext context) {
        ClusterImage image = metadata.image();
        ReplicaBrokers brokers = ReplicaBrokers.seenFrom(context.connection(), metadata);
        TopicResolver resolver = new TopicResolver(image);
        SortedSet<String> names = names(request, image);
        Cursor start = start(request, names);
        int room = Math.max(1, Math.min(MAX_PARTITIONS, request.responsePartitionLimit()));
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        for (String name : names.tailSet(start.topicName())) {
            int from = name.equals(start.topicName()) ? start.partitionIndex() : 0;
            if (room == 0) {
                return response.setNextCursor(cursor(name, from));
            }
            ResolvedTopic topic = resolver.described(name);
            DescribeTopicPartitionsResponseTopic described = describe(name, topic, from, room, brokers);
            response.topics().add(described);
            room -= described.partitions().size();
            int next = from + described.partitions().size();
            if (topic.exists() && topic.topic().has(next)) {
                return response.setNextCursor(cursor(name, next));
            }
        }
        return response;
    }

    private static Cursor start(DescribeTopicPartitionsRequestData request, SortedSet<String> names) {
        if (request.cursor() == null) {
            return cursor("", 0);
        }
        String topic = request.cursor().topicName();
        if (!request.topics().isEmpty() && !names.contains(topic)) {
            throw new InvalidRequestException("The cursor's topic is not among the topics asked for: " + topic);
        }
        if (request.cursor().partitionIndex() < 0) {
            throw new InvalidRequestException("The cursor's partition must not be negative: " + request.cursor());
        }
        return cursor(topic, request.cursor().partitionIndex());
    }

    private static SortedSet<String> names(DescribeTopicPartitionsRequestData request, ClusterImage image) {
        SortedSet<String> names = new TreeSet<>();
        if (request.topics().isEmpty()) {
            image.topics().forEach(topic -> names.add(topic.name()));
        } else {
            request.topics().forEach(topic -> names.add(topic.name()));
        }
        return names;
    }

    private DescribeTopicPartitionsResponseTopic describe(
            String name, ResolvedTopic topic, int from, int room, ReplicaBrokers brokers) {
        DescribeTopicPartitionsResponseTopic described = new AnswerEntries.DescribedTopic()
                .setName(name)
                .setIsInternal(Topic.isInternal(name))
                .setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
        if (!topic.exists()) {
            return described.setErrorCode(topic.error().code());
        }
        List<ClusterImage.Partition> partitions = topic.topic().partitions();
        int start = Math.min(from, partitions.size());
        int end = Math.min(start + room, partitions.size());
        return described
                .setTopicId(topic.topic().id())
                .setPartitions(partitions.subList(start, end).stream()
                        .map(partition -> describe(name, partition, brokers))
                        .toList());
    }

    private DescribeTopicPartitionsResponsePartition describe(
            String topic, ClusterImage.Partition partition, ReplicaBrokers brokers) {
        Availability availability = Availability.of(topic, partition, partitions, brokers);
        return new DescribeTopicPartitionsResponsePartition()
                .setPartitionIndex(partition.index())
                .setLeaderId(availability.leader())
                .setLeaderEpoch(partition.leaderEpoch())
                .setReplicaNodes(partition.replicas())
                .setIsrNodes(partition.isr())
                .setOfflineReplicas(availability.offlineReplicas())
                .setEligibleLeaderReplicas(partition.eligible().replicas())
                .setLastKnownElr(partition.eligible().lastKnown());
    }

    private static Cursor cursor(String topic, int partition) {
        return new Cursor().setTopicName(topic).setPartitionIndex(partition);
    }
}
