package io.aeon.diagnosis;

import io.aeon.protocol.GroupExtension;
import io.aeon.protocol.GroupExtension.AwaitedMember;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * A connection to a group's coordinator for the requests that ask for {@link GroupExtension}, in the first versions
 * that can carry tagged fields. Not thread-safe.
 */
final class GroupWire implements AutoCloseable {
    private static final short CLASSIC_VERSION = 5;
    private static final short CONSUMER_VERSION = 0;
    private static final short OFFSETS_VERSION = 8;

    private final BrokerWire wire;

    /** @param timeoutMs bound of the connect and of each answer */
    GroupWire(Node broker, int timeoutMs) throws IOException {
        wire = new BrokerWire(broker.host(), broker.port(), timeoutMs);
    }

    /** The members for which each of these classic groups waits, by group id; empty if the broker does not tell. */
    Map<String, Optional<List<AwaitedMember>>> awaitedByClassic(List<String> groupIds) throws IOException {
        DescribeGroupsRequestData request = new DescribeGroupsRequestData().setGroups(groupIds);
        request.unknownTaggedFields().add(GroupExtension.asked());
        DescribeGroupsResponseData reply = new DescribeGroupsResponseData();
        wire.call(ApiKeys.DESCRIBE_GROUPS, CLASSIC_VERSION, request, reply);
        Map<String, Optional<List<AwaitedMember>>> awaited = new HashMap<>();
        for (DescribedGroup group : reply.groups()) {
            awaited.put(group.groupId(), GroupExtension.awaited(group.unknownTaggedFields()));
        }
        return awaited;
    }

    /** As {@link #awaitedByClassic}, for groups of the consumer protocol. */
    Map<String, Optional<List<AwaitedMember>>> awaitedByConsumer(List<String> groupIds) throws IOException {
        ConsumerGroupDescribeRequestData request = new ConsumerGroupDescribeRequestData().setGroupIds(groupIds);
        request.unknownTaggedFields().add(GroupExtension.asked());
        ConsumerGroupDescribeResponseData reply = new ConsumerGroupDescribeResponseData();
        wire.call(ApiKeys.CONSUMER_GROUP_DESCRIBE, CONSUMER_VERSION, request, reply);
        Map<String, Optional<List<AwaitedMember>>> awaited = new HashMap<>();
        for (ConsumerGroupDescribeResponseData.DescribedGroup group : reply.groups()) {
            awaited.put(group.groupId(), GroupExtension.awaited(group.unknownTaggedFields()));
        }
        return awaited;
    }

    /** The committed offsets of each of these groups, by group id; the ends are not known yet. */
    Map<String, Map<TopicPartition, Progress>> committed(List<String> groupIds) throws IOException {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(groupIds.stream()
                        .map(groupId -> new OffsetFetchRequestGroup()
                                .setGroupId(groupId)
                                .setTopics(null))
                        .toList());
        request.unknownTaggedFields().add(GroupExtension.asked());
        OffsetFetchResponseData reply = new OffsetFetchResponseData();
        wire.call(ApiKeys.OFFSET_FETCH, OFFSETS_VERSION, request, reply);
        Map<String, Map<TopicPartition, Progress>> committed = new HashMap<>();
        for (OffsetFetchResponseGroup group : reply.groups()) {
            committed.put(group.groupId(), committed(group));
        }
        return committed;
    }

    private static Map<TopicPartition, Progress> committed(OffsetFetchResponseGroup group) throws IOException {
        Errors error = Errors.forCode(group.errorCode());
        if (error != Errors.NONE) {
            throw new IOException(
                    "the offsets of group " + group.groupId() + " cannot be read: " + error.message(),
                    error.exception());
        }
        Map<TopicPartition, Progress> committed = new HashMap<>();
        for (OffsetFetchResponseTopics topic : group.topics()) {
            topic.partitions().stream()
                    .filter(partition -> partition.committedOffset() >= 0)
                    .forEach(partition -> committed.put(
                            new TopicPartition(topic.name(), partition.partitionIndex()),
                            new Progress(
                                    OptionalLong.of(partition.committedOffset()),
                                    GroupExtension.commitAgeMs(partition.unknownTaggedFields()),
                                    OptionalLong.empty())));
        }
        return committed;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
