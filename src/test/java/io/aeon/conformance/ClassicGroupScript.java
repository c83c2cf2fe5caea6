package io.aeon.conformance;

import java.util.ArrayList;
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
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;

/** A classic group goes through all its states, with two dynamic members and with a static one. */
final class ClassicGroupScript implements Script {
    private static final int TIME_MS = 30_000;

    private final int level;
    private final String group;
    private Stage stage;
    private Line one;
    private Line other;
    private GroupOffsets offsets;

    ClassicGroupScript(int level) {
        this.level = level;
        this.group = "classic-of-level-" + level;
    }

    @Override
    public String name() {
        return group;
    }

    @Override
    public void play(Stage on) {
        stage = on;
        one = on.line();
        other = on.line();
        Uuid topicId = on.create(group, 2);
        offsets = new GroupOffsets(on, one, level, group, group, topicId);
        coordinator();
        withoutMembers();
        String first = oneMember();
        twoMembers(first);
        empty();
        if (stage.version(ApiKeys.JOIN_GROUP, level) >= 5 && stage.version(ApiKeys.LEAVE_GROUP, level) >= 3) {
            staticMember();
        }
    }

    private void coordinator() {
        FindCoordinatorRequestData request = new FindCoordinatorRequestData();
        if (stage.version(ApiKeys.FIND_COORDINATOR, level) < 4) {
            request.setKey(group);
        } else {
            request.setCoordinatorKeys(List.of(group, "another", group));
        }
        one.ask("coordinator", level, request, FindCoordinatorResponseData.class);
    }

    private void withoutMembers() {
        describe("a group that does not exist");
        heartbeat("in a group that does not exist", "nobody", 0);
        sync("in a group that does not exist", one, "nobody", 1, List.of());
        leave("a group that does not exist", "nobody", null);
        delete("a group that does not exist");
        offsets.fetch("of a group that does not exist");
        offsets.commit("of a member of a group that does not exist", "nobody", 3);
        offsets.delete("of a group that does not exist");
        offsets.commit("without a group", "", -1);
        offsets.fetch("committed without a group");
        describe("a group with offsets only");
        offsets.delete("of a group without members");
        delete("a group without members");
        join("as a member that is not known", one, join("nobody", "range", "consumer"));
    }

    private String oneMember() {
        JoinGroupResponseData joined = enter("the first member", one, "range");
        String member = joined.memberId();
        int generation = joined.generationId();
        describe("before the assignment");
        sync("of an older generation", one, member, generation - 1, List.of());
        sync("with another protocol type", one, member, generation, List.of(), "connect", "range");
        sync("with another protocol", one, member, generation, List.of(), "consumer", "sticky");
        sync("of the leader", one, member, generation, List.of(member));
        sync("again", one, member, generation, List.of());
        heartbeat("of the member", member, generation);
        heartbeat("of an older generation", member, generation - 1);
        heartbeat("of a newer generation", member, generation + 1);
        heartbeat("of an unknown member", "nobody", generation);
        heartbeat("of no member", "", generation);
        offsets.commit("of the member", member, generation);
        offsets.commit("of an older generation", member, generation - 1);
        offsets.commit("of an unknown member", "nobody", generation);
        offsets.commit("of nobody while there are members", "", -1);
        offsets.fetch("of the member");
        offsets.delete("while the group is stable");
        describe("a stable group");
        list("a stable group");
        delete("a group with a member");
        join("with another protocol type", other, join("", "range", "connect"));
        join("with another protocol", other, join("", "roundrobin", "consumer"));
        return member;
    }

    private void twoMembers(String first) {
        String second = "";
        if (stage.version(ApiKeys.JOIN_GROUP, level) >= 4) {
            second = join("the second member, who has no id", other, join("", "range", "consumer"))
                    .memberId();
            describe("with a pending member");
        }
        JoinGroupRequestData request = join(second, "range", "consumer");
        other.send(level, request);
        int generation = describedGeneration(first);
        heartbeat("in a rebalance", first, generation);
        offsets.commit("in a rebalance", first, generation);
        sync("in a rebalance", one, first, generation, List.of());
        describe("a group in a rebalance");
        JoinGroupResponseData again = join("the first member again", one, join(first, "range", "consumer"));
        JoinGroupResponseData joined =
                other.receive("join the second member", level, request, JoinGroupResponseData.class);
        SyncGroupRequestData waiting =
                syncRequest(joined.memberId(), joined.generationId(), List.of(), "consumer", "range");
        other.send(level, waiting);
        offsets.commit("before the assignment", first, again.generationId());
        sync("of the leader of two", one, first, again.generationId(), List.of(first, joined.memberId()));
        other.receive("sync of the follower", level, waiting, SyncGroupResponseData.class);
        describe("a stable group of two");
        leave("the second member", joined.memberId(), null);
        leave("the second member again", joined.memberId(), null);
        heartbeat("after another left", first, again.generationId());
        leave("the first member", first, null);
    }

    /** Waits until the group is in a rebalance, and returns the generation of the member. */
    private int describedGeneration(String member) {
        Awaitility.await()
                .until(() -> one.quietly(
                                        level,
                                        new HeartbeatRequestData()
                                                .setGroupId(group)
                                                .setMemberId(member)
                                                .setGenerationId(1),
                                        HeartbeatResponseData.class)
                                .errorCode()
                        == Errors.REBALANCE_IN_PROGRESS.code());
        return 1;
    }

    private void empty() {
        describe("an empty group");
        list("an empty group");
        offsets.fetch("of an empty group");
        offsets.commit("of nobody in an empty group", "", -1);
        offsets.delete("of an empty group");
        offsets.fetch("that were deleted");
        delete("an empty group");
        describe("a deleted group");
    }

    private void staticMember() {
        JoinGroupRequestData request = join("", "range", "consumer").setGroupInstanceId("static");
        JoinGroupResponseData joined = join("a static member", one, request);
        sync("of the static member", one, joined.memberId(), joined.generationId(), List.of(joined.memberId()));
        describe("with a static member");
        JoinGroupResponseData replaced = join(
                "a static member again", other, join("", "range", "consumer").setGroupInstanceId("static"));
        one.ask(
                "heartbeat of a replaced static member",
                level,
                new HeartbeatRequestData()
                        .setGroupId(group)
                        .setMemberId(joined.memberId())
                        .setGroupInstanceId("static")
                        .setGenerationId(replaced.generationId()),
                HeartbeatResponseData.class);
        join(
                "a replaced static member",
                one,
                join(joined.memberId(), "range", "consumer").setGroupInstanceId("static"));
        leave("a replaced static member", joined.memberId(), "static");
        leave("an unknown static member", "", "unknown");
        leave("a static member by its instance", "", "static");
        describe("after the static member left");
        delete("after the static member left");
    }

    private JoinGroupResponseData enter(String who, Line line, String protocol) {
        JoinGroupResponseData joined = join(who, line, join("", protocol, "consumer"));
        return Errors.forCode(joined.errorCode()) == Errors.MEMBER_ID_REQUIRED
                ? join(who + " with its id", line, join(joined.memberId(), protocol, "consumer"))
                : joined;
    }

    private JoinGroupRequestData join(String member, String protocol, String type) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setSessionTimeoutMs(TIME_MS)
                .setRebalanceTimeoutMs(TIME_MS)
                .setProtocolType(type);
        request.protocols()
                .add(new JoinGroupRequestProtocol().setName(protocol).setMetadata(Records.bytes("subscription")));
        return request;
    }

    private JoinGroupResponseData join(String who, Line line, JoinGroupRequestData request) {
        return line.ask("join " + who, level, request, JoinGroupResponseData.class);
    }

    private void sync(String what, Line line, String member, int generation, List<String> assigned) {
        sync(what, line, member, generation, assigned, "consumer", "range");
    }

    private void sync(
            String what,
            Line line,
            String member,
            int generation,
            List<String> assigned,
            String type,
            String protocol) {
        line.ask(
                "sync " + what,
                level,
                syncRequest(member, generation, assigned, type, protocol),
                SyncGroupResponseData.class);
    }

    private SyncGroupRequestData syncRequest(
            String member, int generation, List<String> assigned, String type, String protocol) {
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        assigned.forEach(each -> assignments.add(
                new SyncGroupRequestAssignment().setMemberId(each).setAssignment(Records.bytes("assignment"))));
        return new SyncGroupRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationId(generation)
                .setProtocolType(type)
                .setProtocolName(protocol)
                .setAssignments(assignments);
    }

    private void heartbeat(String what, String member, int generation) {
        one.ask(
                "heartbeat " + what,
                level,
                new HeartbeatRequestData().setGroupId(group).setMemberId(member).setGenerationId(generation),
                HeartbeatResponseData.class);
    }

    private void leave(String what, String member, String instance) {
        LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(group);
        if (stage.version(ApiKeys.LEAVE_GROUP, level) < 3) {
            request.setMemberId(member);
        } else {
            request.setMembers(List.of(new MemberIdentity()
                    .setMemberId(member)
                    .setGroupInstanceId(instance)
                    .setReason("the script wants it")));
        }
        one.ask("leave " + what, level, request, LeaveGroupResponseData.class);
    }

    private void describe(String what) {
        one.ask(
                "describe " + what,
                level,
                new DescribeGroupsRequestData().setGroups(List.of(group)),
                DescribeGroupsResponseData.class);
    }

    private void list(String what) {
        one.ask(
                "list " + what,
                level,
                new ListGroupsRequestData(),
                ListGroupsResponseData.class,
                answer -> answer.groups().removeIf(each -> !each.groupId().equals(group)));
    }

    private void delete(String what) {
        one.ask(
                "delete " + what,
                level,
                new DeleteGroupsRequestData().setGroupsNames(List.of(group)),
                DeleteGroupsResponseData.class);
    }
}
