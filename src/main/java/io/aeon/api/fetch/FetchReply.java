package io.aeon.api.fetch;

import io.aeon.api.ClientConnection;
import io.aeon.api.CurrentLeader;
import io.aeon.api.Reply;
import io.aeon.api.SliceRecords;
import io.aeon.api.quotas.Throttle;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.segment.EpochEndOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * Builds a fetch response from the results of its reads.
 *
 * @param answersAll whether the response includes partitions in which nothing has changed
 * @param version of the request
 * @param reads knows the leaders of the partitions
 * @param connection of the client
 * @param isForConsumer a consumer is told the addresses of leaders (KIP-951), a follower knows them
 * @param quota whether the client may have so many bytes of records now
 */
record FetchReply(
        FetchSession session,
        boolean answersAll,
        short version,
        PartitionReads reads,
        ClientConnection connection,
        boolean isForConsumer,
        LongFunction<Throttle> quota) {
    /** Clients of older versions do not know the storage error and do not retry after it. */
    private static final short FIRST_VERSION_WITH_STORAGE_ERROR = 6;

    private static final short FIRST_VERSION_WITH_LEADERS = 16;

    /**
     * @param epoch of the session after this request; a different epoch now means that the client no longer waits
     * @param bytes of all records
     */
    Reply of(Map<FetchPartition, FetchResult> results, int epoch, long bytes) {
        FetchResponseData response = new FetchResponseData().setSessionId(session.id());
        if (session.epoch() != epoch) {
            results.values().forEach(result -> result.records().close());
            return Reply.of(response.setErrorCode(Errors.INVALID_FETCH_SESSION_EPOCH.code()));
        }
        Throttle throttle = quota.apply(bytes);
        if (throttle.withholds()) {
            return withheld(results, throttle.millis());
        }
        response.setThrottleTimeMs(throttle.millis());
        Map<Topic, FetchableTopicResponse> topics = new LinkedHashMap<>();
        List<LogSlice> slices = new ArrayList<>();
        results.forEach((partition, result) -> {
            partition.count(result, isForConsumer);
            if (partition.tells(result) || answersAll) {
                PartitionData data = data(partition.key().index(), result);
                topics.computeIfAbsent(Topic.of(partition.key()), Topic::response)
                        .partitions()
                        .add(data);
                tellLeader(partition, result.error(), data, response);
                slices.add(result.records());
            } else {
                result.records().close();
            }
            if (result.records().size() > 0) {
                session.served(partition);
                if (!isForConsumer) {
                    reads.sent(partition, result.records().size());
                }
            }
        });
        return new Reply.WithSlices(response.setResponses(new ArrayList<>(topics.values())), slices);
    }

    /** As in Kafka the client is told nothing but the time, and a session does not begin with such a response. */
    private Reply withheld(Map<FetchPartition, FetchResult> results, int throttleMs) {
        results.values().forEach(result -> result.records().close());
        session.ready(results.keySet());
        return Reply.of(new FetchResponseData()
                .setSessionId(answersAll ? FetchSession.NO_ID : session.id())
                .setThrottleTimeMs(throttleMs));
    }

    private void tellLeader(FetchPartition partition, Errors error, PartitionData data, FetchResponseData response) {
        boolean isElsewhere = error == Errors.NOT_LEADER_OR_FOLLOWER || error == Errors.FENCED_LEADER_EPOCH;
        if (!isElsewhere || version < FIRST_VERSION_WITH_LEADERS) {
            return;
        }
        CurrentLeader leader = reads.currentLeader(partition, connection);
        if (leader == null) {
            return;
        }
        data.currentLeader().setLeaderId(leader.id()).setLeaderEpoch(leader.epoch());
        Node node = leader.node();
        if (isForConsumer && node != null && response.nodeEndpoints().find(node.id()) == null) {
            response.nodeEndpoints()
                    .add(new NodeEndpoint()
                            .setNodeId(node.id())
                            .setHost(node.host())
                            .setPort(node.port())
                            .setRack(node.rack()));
        }
    }

    private Errors known(Errors error) {
        return error == Errors.KAFKA_STORAGE_ERROR && version < FIRST_VERSION_WITH_STORAGE_ERROR
                ? Errors.NOT_LEADER_OR_FOLLOWER
                : error;
    }

    private PartitionData data(int index, FetchResult result) {
        PartitionData data = new PartitionData()
                .setPartitionIndex(index)
                .setErrorCode(known(result.error()).code())
                .setHighWatermark(result.highWatermark())
                .setLastStableOffset(result.lastStableOffset())
                .setLogStartOffset(result.logStartOffset())
                .setAbortedTransactions(aborted(result))
                .setPreferredReadReplica(result.preferredReplica())
                .setRecords(result.records().size() == 0 ? MemoryRecords.EMPTY : new SliceRecords(result.records()));
        EpochEndOffset diverging = result.diverging();
        if (diverging != null) {
            data.divergingEpoch().setEpoch(diverging.leaderEpoch()).setEndOffset(diverging.endOffset());
        }
        return data;
    }

    private static @Nullable List<AbortedTransaction> aborted(FetchResult result) {
        List<io.aeon.storage.producer.AbortedTransaction> aborted = result.aborted();
        return aborted == null
                ? null
                : aborted.stream()
                        .map(each -> new AbortedTransaction()
                                .setProducerId(each.producerId())
                                .setFirstOffset(each.firstOffset()))
                        .toList();
    }

    private record Topic(String name, Uuid id) implements Comparable<Topic> {
        private static final Comparator<Topic> ORDER =
                Comparator.comparing(Topic::name).thenComparing(Topic::id);

        static Topic of(FetchPartition.Key key) {
            return new Topic(key.topic(), key.topicId());
        }

        FetchableTopicResponse response() {
            return new FetchableTopicResponse().setTopic(name).setTopicId(id);
        }

        /** As for {@link FetchPartition.Key}. */
        @Override
        public int compareTo(Topic other) {
            return ORDER.compare(this, other);
        }
    }
}
