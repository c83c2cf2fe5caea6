package io.aeon.conformance;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Requests for the offsets of a group in one topic. */
final class GroupOffsets {
    private static final long OFFSET = 7;
    private static final List<Integer> PARTITIONS = List.of(0, 1, 9);

    private final Stage stage;
    private final Line line;
    private final int level;
    private final String group;
    private final String topic;
    private final Uuid topicId;

    GroupOffsets(Stage stage, Line line, int level, String group, String topic, Uuid topicId) {
        this.stage = stage;
        this.line = line;
        this.level = level;
        this.group = group;
        this.topic = topic;
        this.topicId = topicId;
    }

    void commit(String what, String member, int epoch) {
        OffsetCommitRequestTopic committed = new OffsetCommitRequestTopic()
                .setPartitions(List.of(
                        new OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(OFFSET)
                                .setCommittedMetadata("note"),
                        new OffsetCommitRequestPartition()
                                .setPartitionIndex(9)
                                .setCommittedOffset(OFFSET)
                                .setCommittedMetadata("")));
        boolean byId = stage.version(ApiKeys.OFFSET_COMMIT, level) >= 10;
        line.ask(
                "commit " + what,
                level,
                new OffsetCommitRequestData()
                        .setGroupId(group)
                        .setMemberId(member)
                        .setGenerationIdOrMemberEpoch(epoch)
                        .setTopics(List.of(byId ? committed.setTopicId(topicId) : committed.setName(topic))),
                OffsetCommitResponseData.class);
    }

    void fetch(String what) {
        fetch(what, null, -1);
    }

    void fetch(String what, String member, int epoch) {
        int version = stage.version(ApiKeys.OFFSET_FETCH, level);
        OffsetFetchRequestData some = new OffsetFetchRequestData();
        OffsetFetchRequestData all = new OffsetFetchRequestData();
        if (version < 8) {
            some.setGroupId(group)
                    .setTopics(
                            List.of(new OffsetFetchRequestTopic().setName(topic).setPartitionIndexes(PARTITIONS)));
            all.setGroupId(group).setTopics(null);
        } else {
            OffsetFetchRequestTopics wanted = new OffsetFetchRequestTopics().setPartitionIndexes(PARTITIONS);
            some.setGroups(List.of(of(version, member, epoch)
                    .setTopics(List.of(version < 10 ? wanted.setName(topic) : wanted.setTopicId(topicId)))));
            all.setGroups(List.of(of(version, member, epoch).setTopics(null)));
        }
        line.ask("offsets " + what, level, some, OffsetFetchResponseData.class);
        if (version >= 2) {
            line.ask("all offsets " + what, level, all, OffsetFetchResponseData.class);
        }
    }

    private OffsetFetchRequestGroup of(int version, String member, int epoch) {
        OffsetFetchRequestGroup asked = new OffsetFetchRequestGroup().setGroupId(group);
        return version < 9 ? asked : asked.setMemberId(member).setMemberEpoch(epoch);
    }

    void delete(String what) {
        OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(group);
        request.topics()
                .add(new OffsetDeleteRequestTopic()
                        .setName(topic)
                        .setPartitions(PARTITIONS.stream()
                                .map(index -> new OffsetDeleteRequestPartition().setPartitionIndex(index))
                                .toList()));
        line.ask("delete offsets " + what, level, request, OffsetDeleteResponseData.class);
    }
}
