package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.SyncGroupRequest;

/**
 * A member of a group without a client library: one connection, and no thread of its own, so that one program can have
 * thousands. It uses the consumer protocol or the classic one. Not thread-safe.
 */
final class RawGroupMember implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 120_000;
    private static final int SESSION_MS = 45_000;
    private static final int REBALANCE_MS = 60_000;
    private static final RequestHeader JOIN = header(ApiKeys.JOIN_GROUP, 3);
    private static final RequestHeader SYNC = header(ApiKeys.SYNC_GROUP, 2);
    private static final RequestHeader HEARTBEAT = header(ApiKeys.HEARTBEAT, 3);
    private static final RequestHeader CONSUMER_HEARTBEAT = header(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1);
    private static final RequestHeader COMMIT = header(ApiKeys.OFFSET_COMMIT, 9);

    private final Wire wire;
    private final String group;
    private final String topic;
    private final boolean consumer;
    private String memberId = Uuid.randomUuid().toString();
    private int epoch;
    private List<TopicPartitions> owned = List.of();
    private JoinGroupResponseData joined;
    private ByteBuffer commit;
    private ByteBuffer heartbeat;

    RawGroupMember(int port, String group, String topic, boolean consumer) throws IOException {
        this.wire = new Wire(port, TIMEOUT_MILLIS);
        this.group = group;
        this.topic = topic;
        this.consumer = consumer;
    }

    private static RequestHeader header(ApiKeys api, int version) {
        return new RequestHeader(api, (short) version, "bench", 0);
    }

    private static short version(RequestHeader header) {
        return header.apiVersion();
    }

    private void send(AbstractRequest request, RequestHeader header) throws IOException {
        wire.send(Wire.frame(request, header));
    }

    private AbstractResponse reply(RequestHeader header) throws IOException {
        AbstractResponse response = AbstractResponse.parseResponse(ByteBuffer.wrap(wire.reply()), header);
        if (response.errorCounts().keySet().stream().anyMatch(error -> error != Errors.NONE)) {
            throw new IOException(group + ": " + header.apiKey() + " was answered with " + response.errorCounts());
        }
        return response;
    }

    /** Sends the classic join; {@link #awaitJoin} follows when all members of the group have sent theirs. */
    void sendJoin() throws IOException {
        ByteBuffer subscription = ConsumerProtocol.serializeSubscription(new Subscription(List.of(topic)));
        byte[] metadata = new byte[subscription.remaining()];
        subscription.get(metadata);
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(metadata));
        JoinGroupRequestData data = new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId("")
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setProtocolType("consumer")
                .setProtocols(protocols);
        send(new JoinGroupRequest.Builder(data).build(version(JOIN)), JOIN);
    }

    void awaitJoin() throws IOException {
        joined = ((JoinGroupResponse) reply(JOIN)).data();
        memberId = joined.memberId();
        epoch = joined.generationId();
    }

    /** Sends the classic sync; the leader assigns one partition to each member. */
    void sendSync() throws IOException {
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        for (int i = 0; i < joined.members().size(); i++) {
            ByteBuffer assignment =
                    ConsumerProtocol.serializeAssignment(new Assignment(List.of(new TopicPartition(topic, i))));
            byte[] bytes = new byte[assignment.remaining()];
            assignment.get(bytes);
            assignments.add(new SyncGroupRequestAssignment()
                    .setMemberId(joined.members().get(i).memberId())
                    .setAssignment(bytes));
        }
        SyncGroupRequestData data = new SyncGroupRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setGenerationId(epoch)
                .setAssignments(assignments);
        send(new SyncGroupRequest.Builder(data).build(version(SYNC)), SYNC);
    }

    void awaitSync() throws IOException {
        reply(SYNC);
    }

    /** A heartbeat of the consumer protocol that tells everything; returns the number of partitions that it has now. */
    int reconcile() throws IOException {
        ConsumerGroupHeartbeatRequestData data = told().setTopicPartitions(epoch == 0 ? List.of() : owned);
        if (epoch == 0) {
            data.setRebalanceTimeoutMs(REBALANCE_MS).setSubscribedTopicNames(List.of(topic));
        }
        send(new ConsumerGroupHeartbeatRequest.Builder(data).build(version(CONSUMER_HEARTBEAT)), CONSUMER_HEARTBEAT);
        ConsumerGroupHeartbeatResponseData answer = ((ConsumerGroupHeartbeatResponse) reply(CONSUMER_HEARTBEAT)).data();
        epoch = answer.memberEpoch();
        if (answer.assignment() != null) {
            owned = answer.assignment().topicPartitions().stream()
                    .map(each ->
                            new TopicPartitions().setTopicId(each.topicId()).setPartitions(each.partitions()))
                    .toList();
        }
        return owned.stream().mapToInt(each -> each.partitions().size()).sum();
    }

    private ConsumerGroupHeartbeatRequestData told() {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    /** To be called when the group is stable: what is sent from now on does not change. */
    void settle(int partition) {
        OffsetCommitRequestData data = new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(epoch)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(1)))));
        commit = Wire.frame(OffsetCommitRequest.Builder.forTopicNames(data).build(version(COMMIT)), COMMIT);
        AbstractRequest beat = consumer
                ? new ConsumerGroupHeartbeatRequest.Builder(told()).build(version(CONSUMER_HEARTBEAT))
                : new HeartbeatRequest.Builder(new HeartbeatRequestData()
                                .setGroupId(group)
                                .setMemberId(memberId)
                                .setGenerationId(epoch))
                        .build(version(HEARTBEAT));
        heartbeat = Wire.frame(beat, consumer ? CONSUMER_HEARTBEAT : HEARTBEAT);
    }

    void sendCommit() throws IOException {
        wire.send(commit);
    }

    void awaitCommit() throws IOException {
        reply(COMMIT);
    }

    void heartbeat() throws IOException {
        wire.send(heartbeat);
        reply(consumer ? CONSUMER_HEARTBEAT : HEARTBEAT);
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
