package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** Offsets that a tool commits and reads, without a member, over raw connections. */
final class OffsetRequests {
    private static final short COMMIT_VERSION = 8;
    private static final short FETCH_VERSION = 8;
    private static final short FIND_VERSION = 4;
    private static final RequestHeader COMMIT = header(ApiKeys.OFFSET_COMMIT, COMMIT_VERSION);
    private static final RequestHeader FETCH = header(ApiKeys.OFFSET_FETCH, FETCH_VERSION);
    private static final RequestHeader FIND = header(ApiKeys.FIND_COORDINATOR, FIND_VERSION);

    private OffsetRequests() {}

    private static RequestHeader header(ApiKeys api, short version) {
        return new RequestHeader(api, version, "bench", 0);
    }

    /** The frame that commits one offset for all partitions of a topic. */
    static ByteBuffer commit(String group, String topic, int partitions, long offset) {
        List<OffsetCommitRequestPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition)
                        .setCommittedOffset(offset))
                .toList();
        OffsetCommitRequestData data = new OffsetCommitRequestData()
                .setGroupId(group)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName(topic).setPartitions(all)));
        return Wire.frame(OffsetCommitRequest.Builder.forTopicNames(data).build(COMMIT_VERSION), COMMIT);
    }

    static void requireCommitted(byte[] reply) throws IOException {
        OffsetCommitResponse response =
                (OffsetCommitResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(reply), COMMIT);
        if (response.errorCounts().keySet().stream().anyMatch(error -> error != Errors.NONE)) {
            throw new IOException("a commit was answered with " + response.errorCounts());
        }
    }

    /** The coordinator's answer to a look-up of the group. */
    static Errors find(Wire wire, String group) throws IOException {
        FindCoordinatorRequestData data =
                new FindCoordinatorRequestData().setKeyType((byte) 0).setCoordinatorKeys(List.of(group));
        byte[] reply = ask(wire, new FindCoordinatorRequest.Builder(data).build(FIND_VERSION), FIND);
        FindCoordinatorResponse response =
                (FindCoordinatorResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(reply), FIND);
        return Errors.forCode(response.data().coordinators().get(0).errorCode());
    }

    /** All committed offsets of each of these groups, an empty list for one that is not served yet. */
    static Map<String, List<Long>> fetch(Wire wire, List<String> groups) throws IOException {
        OffsetFetchRequestData data = new OffsetFetchRequestData()
                .setGroups(groups.stream()
                        .map(group ->
                                new OffsetFetchRequestGroup().setGroupId(group).setTopics(null))
                        .toList());
        byte[] reply =
                ask(wire, OffsetFetchRequest.Builder.forTopicNames(data, false).build(FETCH_VERSION), FETCH);
        OffsetFetchResponse response =
                (OffsetFetchResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(reply), FETCH);
        Map<String, List<Long>> offsets = new HashMap<>();
        response.data()
                .groups()
                .forEach(group -> offsets.put(
                        group.groupId(),
                        group.topics().stream()
                                .flatMap(topic -> topic.partitions().stream())
                                .map(partition -> partition.committedOffset())
                                .toList()));
        return offsets;
    }

    private static byte[] ask(Wire wire, AbstractRequest request, RequestHeader header) throws IOException {
        wire.send(Wire.frame(request, header));
        return wire.reply();
    }
}
