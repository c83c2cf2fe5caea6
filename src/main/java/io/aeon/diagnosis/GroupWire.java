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
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * A connection to a group's coordinator for the requests that ask for {@link GroupExtension}, in the first versions that
 * can carry tagged fields. Not thread-safe.
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

    /** The members for which a classic group waits, empty if the broker does not tell. */
    Optional<List<AwaitedMember>> awaitedByClassic(String groupId) throws IOException {
        DescribeGroupsRequestData request = new DescribeGroupsRequestData().setGroups(List.of(groupId));
        request.unknownTaggedFields().add(GroupExtension.asked());
        DescribeGroupsResponseData reply = new DescribeGroupsResponseData();
        wire.call(ApiKeys.DESCRIBE_GROUPS, CLASSIC_VERSION, request, reply);
        return GroupExtension.awaited(reply.groups().get(0).unknownTaggedFields());
    }

    /** The members for which a group of the consumer protocol waits, empty if the broker does not tell. */
    Optional<List<AwaitedMember>> awaitedByConsumer(String groupId) throws IOException {
        ConsumerGroupDescribeRequestData request = new ConsumerGroupDescribeRequestData().setGroupIds(List.of(groupId));
        request.unknownTaggedFields().add(GroupExtension.asked());
        ConsumerGroupDescribeResponseData reply = new ConsumerGroupDescribeResponseData();
        wire.call(ApiKeys.CONSUMER_GROUP_DESCRIBE, CONSUMER_VERSION, request, reply);
        return GroupExtension.awaited(reply.groups().get(0).unknownTaggedFields());
    }

    /** The committed offsets of a group; the ends are not known yet. */
    Map<TopicPartition, Progress> committed(String groupId) throws IOException {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(
                        new OffsetFetchRequestGroup().setGroupId(groupId).setTopics(null)));
        request.unknownTaggedFields().add(GroupExtension.asked());
        OffsetFetchResponseData reply = new OffsetFetchResponseData();
        wire.call(ApiKeys.OFFSET_FETCH, OFFSETS_VERSION, request, reply);
        Errors error = Errors.forCode(reply.groups().get(0).errorCode());
        if (error != Errors.NONE) {
            throw new IOException("the offsets of group " + groupId + " cannot be read: " + error.message());
        }
        Map<TopicPartition, Progress> committed = new HashMap<>();
        for (OffsetFetchResponseTopics topic : reply.groups().get(0).topics()) {
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
