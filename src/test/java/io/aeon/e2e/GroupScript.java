package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** The life cycle of a classic group with one member. Each request is sent in the version of one level. */
final class GroupScript {
    static final int LEVELS = 11;
    private static final byte[] METADATA = "subscription".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ASSIGNMENT = "assignment".getBytes(StandardCharsets.UTF_8);
    private static final long COMMITTED = 7;

    private final Conversation broker;
    private final int level;
    private final String topic;
    private final Uuid topicId;
    private final String group;
    private String member = "";
    private int generation;

    GroupScript(Conversation broker, int level, String topic, Uuid topicId) {
        this.broker = broker;
        this.level = level;
        this.topic = topic;
        this.topicId = topicId;
        this.group = "group-of-level-" + level;
    }

    void run() {
        findCoordinator();
        join();
        sync();
        heartbeat();
        commit();
        assertThat(committed()).isEqualTo(COMMITTED);
        describe();
        list();
        leave();
        deleteOffset();
        assertThat(committed()).isEqualTo(-1);
        delete();
    }

    private void findCoordinator() {
        FindCoordinatorResponseData found =
                broker.well(ApiKeys.FIND_COORDINATOR, level, FindCoordinatorResponseData.class, version -> {
                    FindCoordinatorRequestData request = new FindCoordinatorRequestData();
                    return version < 4 ? request.setKey(group) : request.setCoordinatorKeys(List.of(group));
                });
        assertThat(found.toString()).contains("nodeId=1");
    }

    private void join() {
        JoinGroupResponseData joined = tryToJoin();
        if (Errors.forCode(joined.errorCode()) == Errors.MEMBER_ID_REQUIRED) {
            assertThat(level).isGreaterThanOrEqualTo(4);
            member = joined.memberId();
            joined = tryToJoin();
        }
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        member = joined.memberId();
        generation = joined.generationId();
        assertThat(joined.leader()).isEqualTo(member);
        assertThat(joined.protocolName()).isEqualTo("range");
        assertThat(joined.members())
                .singleElement()
                .satisfies(only -> assertThat(only.metadata()).isEqualTo(METADATA));
    }

    private JoinGroupResponseData tryToJoin() {
        return broker.ask(ApiKeys.JOIN_GROUP, level, JoinGroupResponseData.class, version -> {
            JoinGroupRequestData request = new JoinGroupRequestData()
                    .setGroupId(group)
                    .setMemberId(member)
                    .setSessionTimeoutMs(30_000)
                    .setRebalanceTimeoutMs(30_000)
                    .setProtocolType("consumer");
            request.protocols()
                    .add(new JoinGroupRequestProtocol().setName("range").setMetadata(METADATA));
            return request;
        });
    }

    private void sync() {
        SyncGroupResponseData synced = broker.well(
                ApiKeys.SYNC_GROUP,
                level,
                SyncGroupResponseData.class,
                version -> new SyncGroupRequestData()
                        .setGroupId(group)
                        .setMemberId(member)
                        .setGenerationId(generation)
                        .setProtocolType("consumer")
                        .setProtocolName("range")
                        .setAssignments(List.of(new SyncGroupRequestAssignment()
                                .setMemberId(member)
                                .setAssignment(ASSIGNMENT))));
        assertThat(synced.assignment()).isEqualTo(ASSIGNMENT);
    }

    private void heartbeat() {
        broker.well(
                ApiKeys.HEARTBEAT,
                level,
                HeartbeatResponseData.class,
                version -> new HeartbeatRequestData()
                        .setGroupId(group)
                        .setMemberId(member)
                        .setGenerationId(generation));
    }

    private void commit() {
        broker.well(ApiKeys.OFFSET_COMMIT, level, OffsetCommitResponseData.class, version -> {
            OffsetCommitRequestTopic committed = new OffsetCommitRequestTopic()
                    .setPartitions(List.of(new OffsetCommitRequestPartition()
                            .setPartitionIndex(1)
                            .setCommittedOffset(COMMITTED)
                            .setCommittedMetadata("note")));
            return new OffsetCommitRequestData()
                    .setGroupId(group)
                    .setMemberId(member)
                    .setGenerationIdOrMemberEpoch(generation)
                    .setTopics(List.of(version < 10 ? committed.setName(topic) : committed.setTopicId(topicId)));
        });
    }

    private long committed() {
        OffsetFetchResponseData found = broker.well(
                ApiKeys.OFFSET_FETCH,
                level,
                OffsetFetchResponseData.class,
                version -> version < 8 ? ofOneGroup() : ofManyGroups(version));
        if (found.groups().isEmpty()) {
            return found.topics().get(0).partitions().get(0).committedOffset();
        }
        return found.groups().get(0).topics().get(0).partitions().get(0).committedOffset();
    }

    private OffsetFetchRequestData ofOneGroup() {
        return new OffsetFetchRequestData()
                .setGroupId(group)
                .setTopics(List.of(new OffsetFetchRequestTopic().setName(topic).setPartitionIndexes(List.of(1))));
    }

    private OffsetFetchRequestData ofManyGroups(int version) {
        OffsetFetchRequestTopics wanted = new OffsetFetchRequestTopics().setPartitionIndexes(List.of(1));
        return new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setTopics(List.of(version < 10 ? wanted.setName(topic) : wanted.setTopicId(topicId)))));
    }

    private void describe() {
        DescribeGroupsResponseData described = broker.well(
                ApiKeys.DESCRIBE_GROUPS,
                level,
                DescribeGroupsResponseData.class,
                version -> new DescribeGroupsRequestData().setGroups(List.of(group)));
        assertThat(described.groups().get(0).groupState()).isEqualTo("Stable");
        assertThat(described.groups().get(0).members())
                .singleElement()
                .satisfies(only -> assertThat(only.memberAssignment()).isEqualTo(ASSIGNMENT));
    }

    private void list() {
        ListGroupsResponseData listed = broker.well(
                ApiKeys.LIST_GROUPS, level, ListGroupsResponseData.class, version -> new ListGroupsRequestData());
        assertThat(listed.groups()).anyMatch(each -> each.groupId().equals(group));
    }

    private void leave() {
        broker.well(ApiKeys.LEAVE_GROUP, level, LeaveGroupResponseData.class, version -> {
            LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(group);
            return version < 3
                    ? request.setMemberId(member)
                    : request.setMembers(List.of(new MemberIdentity().setMemberId(member)));
        });
    }

    private void deleteOffset() {
        broker.well(ApiKeys.OFFSET_DELETE, level, OffsetDeleteResponseData.class, version -> {
            OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
            topics.add(new OffsetDeleteRequestTopic()
                    .setName(topic)
                    .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(1))));
            return new OffsetDeleteRequestData().setGroupId(group).setTopics(topics);
        });
    }

    private void delete() {
        broker.well(
                ApiKeys.DELETE_GROUPS,
                level,
                DeleteGroupsResponseData.class,
                version -> new DeleteGroupsRequestData().setGroupsNames(List.of(group)));
    }
}
