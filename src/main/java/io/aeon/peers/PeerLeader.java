package io.aeon.peers;

import io.aeon.broker.replica.LeaderConnection;
import io.aeon.broker.replica.PartitionId;
import io.aeon.replication.EpochEnd;
import io.aeon.replication.FetchRequest;
import io.aeon.replication.FetchRequest.Wanted;
import io.aeon.replication.FetcherCommand.Answer;
import io.aeon.replication.FetcherCommand.Answered;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.FetchRequest.SimpleBuilder;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.jspecify.annotations.Nullable;

/** A leader that is reached over the network, by Kafka's protocol between brokers. */
final class PeerLeader implements LeaderConnection {
    private final int self;
    private final LongSupplier brokerEpoch;
    private final FollowerSettings settings;
    private final Peer peer;

    /** @param brokerEpoch epoch of this broker's registration */
    PeerLeader(int self, LongSupplier brokerEpoch, FollowerSettings settings, Peer peer) {
        this.self = self;
        this.brokerEpoch = brokerEpoch;
        this.settings = settings;
        this.peer = peer;
    }

    @Override
    public CompletableFuture<Answered<PartitionId, ByteBuffer>> fetch(FetchRequest<PartitionId> request) {
        FetchRequestData data = new FetchRequestData()
                .setReplicaState(new ReplicaState().setReplicaId(self).setReplicaEpoch(brokerEpoch.getAsLong()))
                .setMaxWaitMs(settings.maxWaitMs())
                .setMinBytes(settings.minBytes())
                .setMaxBytes(settings.maxBytes())
                .setSessionId(request.sessionId())
                .setSessionEpoch(request.sessionEpoch())
                .setTopics(wanted(request.wanted()))
                .setForgottenTopicsData(forgotten(request.forgotten()));
        return peer.send(new SimpleBuilder(data))
                .thenApply(response -> answered(request.id(), ((FetchResponse) response).data()));
    }

    private List<FetchTopic> wanted(List<Wanted<PartitionId>> wanted) {
        Map<Uuid, FetchTopic> topics = new LinkedHashMap<>();
        wanted.forEach(each -> topics.computeIfAbsent(each.partition().topicId(), id -> new FetchTopic().setTopicId(id))
                .partitions()
                .add(new FetchPartition()
                        .setPartition(each.partition().partition())
                        .setCurrentLeaderEpoch(each.leaderEpoch())
                        .setFetchOffset(each.position().end())
                        .setLastFetchedEpoch(each.position().lastEpoch())
                        .setLogStartOffset(each.position().start())
                        .setPartitionMaxBytes(settings.partitionMaxBytes())));
        return new ArrayList<>(topics.values());
    }

    private static List<ForgottenTopic> forgotten(Collection<PartitionId> forgotten) {
        Map<Uuid, ForgottenTopic> topics = new LinkedHashMap<>();
        forgotten.forEach(each -> topics.computeIfAbsent(each.topicId(), id -> new ForgottenTopic().setTopicId(id))
                .partitions()
                .add(each.partition()));
        return new ArrayList<>(topics.values());
    }

    private static Answered<PartitionId, ByteBuffer> answered(long request, FetchResponseData response) {
        List<Answer<PartitionId, ByteBuffer>> answers = new ArrayList<>();
        response.responses()
                .forEach(topic -> topic.partitions()
                        .forEach(each ->
                                answers.add(answer(new PartitionId(topic.topicId(), each.partitionIndex()), each))));
        return new Answered<>(request, response.sessionId(), Errors.forCode(response.errorCode()), answers);
    }

    private static Answer<PartitionId, ByteBuffer> answer(PartitionId id, PartitionData data) {
        Errors error = Errors.forCode(data.errorCode());
        EpochEnd diverging = FetchResponse.isDivergingEpoch(data)
                ? new EpochEnd(
                        data.divergingEpoch().epoch(), data.divergingEpoch().endOffset())
                : null;
        try {
            ByteBuffer records = error == Errors.NONE && diverging == null ? wholeBatches(data) : null;
            return new Answer<>(id, error, diverging, records, data.highWatermark(), data.logStartOffset());
        } catch (CorruptRecordException e) {
            return new Answer<>(id, Errors.CORRUPT_MESSAGE, null, null, -1, -1);
        }
    }

    /** A leader may send the beginning of one more batch; it is left out. Null if there is no whole batch. */
    private static @Nullable ByteBuffer wholeBatches(PartitionData data) {
        MemoryRecords records = (MemoryRecords) FetchResponse.recordsOrFail(data);
        for (RecordBatch batch : records.batches()) {
            if (batch.magic() != RecordBatch.MAGIC_VALUE_V2) {
                throw new CorruptRecordException("a batch has the magic " + batch.magic());
            }
            batch.ensureValid();
        }
        ByteBuffer bytes = records.buffer();
        bytes.limit(bytes.position() + records.validBytes());
        return bytes.hasRemaining() ? bytes : null;
    }

    /** As Kafka's followers do, it asks for the end first: a range that is too old then only costs one more try. */
    @Override
    public CompletableFuture<Range> findRange(TopicPartition partition, int leaderEpoch) {
        return find(partition, leaderEpoch, ListOffsetsRequest.LATEST_TIMESTAMP)
                .thenCompose(end -> find(partition, leaderEpoch, ListOffsetsRequest.EARLIEST_TIMESTAMP)
                        .thenApply(start -> new Range(start, end)));
    }

    private CompletableFuture<Long> find(TopicPartition partition, int leaderEpoch, long which) {
        ListOffsetsTopic topic = new ListOffsetsTopic()
                .setName(partition.topic())
                .setPartitions(List.of(new ListOffsetsPartition()
                        .setPartitionIndex(partition.partition())
                        .setCurrentLeaderEpoch(leaderEpoch)
                        .setTimestamp(which)));
        return peer.send(ListOffsetsRequest.Builder.forReplica(ApiKeys.LIST_OFFSETS.latestVersion(), self)
                        .setTargetTimes(List.of(topic)))
                .thenApply(response -> {
                    ListOffsetsPartitionResponse found = ((ListOffsetsResponse) response)
                            .topics()
                            .get(0)
                            .partitions()
                            .get(0);
                    Errors.forCode(found.errorCode()).maybeThrow();
                    return found.offset();
                });
    }

    @Override
    public void close() {
        peer.close();
    }
}
