package io.aeon.conformance;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;

/** A group of the consumer protocol: one member and its errors, a second one, a static one. */
final class ConsumerGroupScript implements Script {
    private static final int LEAVE = -1;
    private static final int LEAVE_FOR_A_TIME = -2;

    private final int level;
    private final String group;
    private Stage stage;
    private Line line;
    private Uuid topicId;
    private GroupOffsets offsets;

    ConsumerGroupScript(int level) {
        this.level = level;
        this.group = "consumers-of-level-" + level;
    }

    @Override
    public String name() {
        return group;
    }

    @Override
    public void play(Stage on) {
        stage = on;
        line = on.line();
        topicId = on.create(group, 2);
        offsets = new GroupOffsets(on, line, level, group, group, topicId);
        describe("a group that does not exist");
        refusals();
        String member = oneMember();
        if (stage.version(ApiKeys.CONSUMER_GROUP_HEARTBEAT, level) >= 1) {
            patterns();
        }
        beat("leaves", beat(member, LEAVE));
        describe("an empty group");
        list("an empty group");
        staticMember();
        line.ask(
                "delete the group",
                level,
                new DeleteGroupsRequestData().setGroupsNames(List.of(group)),
                DeleteGroupsResponseData.class);
        describe("a deleted group");
    }

    private void refusals() {
        beat("without a subscription", joining("a").setSubscribedTopicNames(null));
        beat("without a time", joining("a").setRebalanceTimeoutMs(-1));
        beat("with partitions at the join", joining("a").setTopicPartitions(owned()));
        beat("without partitions at the join", joining("a").setTopicPartitions(null));
        beat("with an unknown assignor", joining("a").setServerAssignor("nobody"));
        beat("with an empty instance id", joining("a").setInstanceId(""));
        beat("with an empty rack", joining("a").setRackId(""));
        beat("with an epoch in a group that does not exist", beat("a", 3));
        beat("leaves a group that does not exist", beat("a", LEAVE));
        beat("leaves for a time without an instance id", beat("a", LEAVE_FOR_A_TIME));
        beat("with an impossible epoch", beat("a", -3));
    }

    private String oneMember() {
        String asked = stage.version(ApiKeys.CONSUMER_GROUP_HEARTBEAT, level) == 0 ? "" : "first";
        ConsumerGroupHeartbeatResponseData joined = beat("joins", joining(asked));
        String member = joined.memberId();
        Awaitility.await().until(() -> assigned(member, joined.memberEpoch()));
        int epoch = joined.memberEpoch();
        beat("acknowledges", beat(member, epoch).setTopicPartitions(owned()));
        beat("says nothing new", beat(member, epoch));
        beat("has an older epoch", beat(member, epoch - 1));
        beat("has a newer epoch", beat(member, epoch + 5));
        beat("is unknown", beat("nobody", epoch));
        beat("has no id", beat("", epoch));
        describe("a stable group");
        list("a stable group");
        offsets.commit("of the member", member, epoch);
        offsets.commit("of an older epoch", member, epoch - 1);
        offsets.commit("of a newer epoch", member, epoch + 1);
        offsets.commit("of an unknown member", "nobody", epoch);
        offsets.commit("of nobody", "", -1);
        offsets.fetch("of the member", member, epoch);
        offsets.fetch("of a newer epoch", member, epoch + 1);
        offsets.fetch("of an unknown member", "nobody", epoch);
        offsets.fetch("of nobody");
        offsets.delete("of a subscribed topic");
        asAClassicGroup(member);
        return member;
    }

    private void asAClassicGroup(String member) {
        line.ask(
                "describe a consumer group as a classic one",
                level,
                new DescribeGroupsRequestData().setGroups(List.of(group)),
                DescribeGroupsResponseData.class);
        line.ask(
                "heartbeat of the classic protocol",
                level,
                new HeartbeatRequestData().setGroupId(group).setMemberId(member).setGenerationId(1),
                HeartbeatResponseData.class);
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setSessionTimeoutMs(30_000)
                .setRebalanceTimeoutMs(30_000)
                .setProtocolType("connect");
        request.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(Records.bytes("m")));
        line.ask("join a consumer group as a worker of Connect", level, request, JoinGroupResponseData.class);
        line.ask(
                "delete a group with a member",
                level,
                new DeleteGroupsRequestData().setGroupsNames(List.of(group)),
                DeleteGroupsResponseData.class);
    }

    private void patterns() {
        beat("with a broken pattern", joining("b").setSubscribedTopicNames(null).setSubscribedTopicRegex("[a"));
        beat("with an empty pattern", joining("b").setSubscribedTopicNames(null).setSubscribedTopicRegex(""));
    }

    private void staticMember() {
        String first = "static-1";
        ConsumerGroupHeartbeatResponseData joined =
                beat("a static one joins", joining(first).setInstanceId("static"));
        String member = joined.memberId();
        beat("another joins as the same static one", joining("static-2").setInstanceId("static"));
        beat("the static one leaves for a time", beat(member, LEAVE_FOR_A_TIME).setInstanceId("static"));
        describe("with a static member that is away");
        ConsumerGroupHeartbeatResponseData back =
                beat("the static one comes back", joining("static-3").setInstanceId("static"));
        beat("the one before", beat(member, back.memberEpoch()).setInstanceId("static"));
        beat("an unknown static one", beat(member, back.memberEpoch()).setInstanceId("unknown"));
        beat("the static one leaves", beat(back.memberId(), LEAVE).setInstanceId("static"));
        describe("after the static one left");
    }

    private boolean assigned(String member, int epoch) {
        ConsumerGroupDescribeResponseData described = line.quietly(
                1,
                new ConsumerGroupDescribeRequestData().setGroupIds(List.of(group)),
                ConsumerGroupDescribeResponseData.class);
        return described.groups().get(0).members().stream()
                .anyMatch(each -> each.memberId().equals(member)
                        && each.memberEpoch() == epoch
                        && !each.targetAssignment().topicPartitions().isEmpty());
    }

    private ConsumerGroupHeartbeatRequestData joining(String member) {
        return beat(member, 0)
                .setRebalanceTimeoutMs(30_000)
                .setSubscribedTopicNames(List.of(group))
                .setTopicPartitions(List.of());
    }

    private ConsumerGroupHeartbeatRequestData beat(String member, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setMemberEpoch(epoch);
    }

    private List<TopicPartitions> owned() {
        return List.of(new TopicPartitions().setTopicId(topicId).setPartitions(List.of(0, 1)));
    }

    private ConsumerGroupHeartbeatResponseData beat(String what, ConsumerGroupHeartbeatRequestData request) {
        return line.ask("a member " + what, level, request, ConsumerGroupHeartbeatResponseData.class);
    }

    private void describe(String what) {
        line.ask(
                "describe " + what,
                level,
                new ConsumerGroupDescribeRequestData().setGroupIds(List.of(group)),
                ConsumerGroupDescribeResponseData.class);
    }

    private void list(String what) {
        line.ask(
                "list " + what,
                level,
                new ListGroupsRequestData(),
                ListGroupsResponseData.class,
                answer -> answer.groups().removeIf(each -> !each.groupId().equals(group)));
    }
}
