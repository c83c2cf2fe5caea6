package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import io.aeon.coordinator.group.record.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.jspecify.annotations.Nullable;

/**
 * The format in which consumers of the classic protocol tell each other subscriptions and assignments. The coordinator
 * reads and writes it only for a group that has members of both protocols.
 */
final class ConsumerProtocol {
    private ConsumerProtocol() {}

    /**
     * A subscription.
     *
     * @param owned the partitions of present topics that the member owns
     */
    record Subscribed(Set<String> topics, @Nullable String rackId, PartitionsByTopic owned) {}

    /** Empty if the bytes are no subscription; a client may send any bytes. */
    static Optional<Subscribed> subscription(Bytes bytes, TopicsImage image) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes.array());
            short version = version(buffer, ConsumerProtocolSubscription.HIGHEST_SUPPORTED_VERSION);
            ConsumerProtocolSubscription read =
                    new ConsumerProtocolSubscription(new ByteBufferAccessor(buffer), version);
            Map<Uuid, List<Integer>> owned = new TreeMap<>();
            read.ownedPartitions()
                    .forEach(each ->
                            image.topic(each.topic()).ifPresent(topic -> owned.put(topic.id(), each.partitions())));
            return Optional.of(
                    new Subscribed(new TreeSet<>(read.topics()), read.rackId(), PartitionsByTopic.of(owned)));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** The partitions of present topics in an assignment; empty if it is none, or one with data of its assignor. */
    static Optional<PartitionsByTopic> assignment(Bytes bytes, TopicsImage image) {
        if (bytes.array().length == 0) {
            return Optional.of(PartitionsByTopic.NONE);
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes.array());
            short version = version(buffer, ConsumerProtocolAssignment.HIGHEST_SUPPORTED_VERSION);
            ConsumerProtocolAssignment read = new ConsumerProtocolAssignment(new ByteBufferAccessor(buffer), version);
            if (read.userData() != null && read.userData().hasRemaining()) {
                return Optional.empty();
            }
            Map<Uuid, List<Integer>> partitions = new TreeMap<>();
            read.assignedPartitions()
                    .forEach(each -> image.topic(each.topic())
                            .ifPresent(topic -> partitions.put(topic.id(), each.partitions())));
            return Optional.of(PartitionsByTopic.of(partitions));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Encodes an assignment for a member, in the version of its subscription. */
    static Bytes encode(PartitionsByTopic partitions, Protocol subscription, TopicsImage image) {
        ConsumerProtocolAssignment assignment = new ConsumerProtocolAssignment();
        partitions
                .topics()
                .forEach((id, numbers) -> image.topic(id)
                        .ifPresent(topic -> assignment
                                .assignedPartitions()
                                .add(new ConsumerProtocolAssignment.TopicPartition()
                                        .setTopic(topic.name())
                                        .setPartitions(new ArrayList<>(numbers)))));
        short version = version(
                ByteBuffer.wrap(subscription.metadata().array()), ConsumerProtocolAssignment.HIGHEST_SUPPORTED_VERSION);
        ByteBuffer encoded = MessageUtil.toVersionPrefixedByteBuffer(version, assignment);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return Bytes.of(bytes);
    }

    /** A newer version begins with the fields of the newest known one. */
    private static short version(ByteBuffer bytes, short newest) {
        short version = bytes.getShort();
        if (version < 0) {
            throw new IllegalArgumentException("version " + version);
        }
        return (short) Math.min(version, newest);
    }
}
