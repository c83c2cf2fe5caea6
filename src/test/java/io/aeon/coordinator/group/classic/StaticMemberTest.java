package io.aeon.coordinator.group.classic;

import static io.aeon.coordinator.group.GroupDriver.Joiner.member;
import static io.aeon.coordinator.group.GroupDriver.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.command.GroupCommand.Leave;
import io.aeon.coordinator.group.command.GroupCommand.Leaver;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.LeaveResult;
import io.aeon.coordinator.group.command.LeaveResult.Left;
import io.aeon.coordinator.group.record.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.record.Protocol;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticMemberTest {
    private final GroupDriver group = new GroupDriver();
    private JoinResult first;
    private JoinResult second;

    @BeforeEach
    void stableGroupOfTwo() {
        CompletableFuture<JoinResult> one = group.join(member().as("one"));
        CompletableFuture<JoinResult> two = group.join(member().as("two"));
        group.advance(6000);
        first = one.join();
        second = two.join();
        group.asyncSync(first, Map.of(first.memberId(), bytes("1"), second.memberId(), bytes("2")));
        group.asyncSync(second, Map.of());
    }

    @Test
    void needsNoIdBeforeItJoins() {
        assertThat(first.error()).isEqualTo(Errors.NONE);
        assertThat(first.memberId()).startsWith("one-");
    }

    @Test
    void rejoinsWithoutARebalance() {
        JoinResult back = group.join(member().as("two")).join();

        assertThat(back.error()).isEqualTo(Errors.NONE);
        assertThat(back.generation()).isEqualTo(1);
        assertThat(back.memberId()).isNotEqualTo(second.memberId());
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
        assertThat(group.sync(back, Map.of()).assignment()).isEqualTo(bytes("2"));
    }

    @Test
    void oldIdIsFencedAtOnceAndTheJoinIsAnsweredWhenTheNewIdIsDurable() {
        group.holdAppends = true;
        CompletableFuture<JoinResult> back = group.join(member().as("two"));
        assertThat(back).isNotDone();

        assertThat(beat(second, "two")).isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(group.commit(second.memberId(), "two", 1, "t", 5).join().error())
                .isEqualTo(Errors.FENCED_INSTANCE_ID);
        group.settle();

        assertThat(back.join().error()).isEqualTo(Errors.NONE);
        GroupMetadata stored = (GroupMetadata) group.log().get(group.log().size() - 1);
        assertThat(stored.value().members())
                .anyMatch(member -> member.memberId().equals(back.join().memberId())
                        && member.assignment().equals(bytes("2")));
    }

    private Errors beat(JoinResult member, String instance) {
        return group.tell(reply -> new Heartbeat(member.memberId(), instance, member.generation(), reply));
    }

    @Test
    void returningLeaderMustNotAssign() {
        JoinResult back = group.join(member().as("one")).join();

        assertThat(back.skipAssignment()).isTrue();
        assertThat(back.leader()).isEqualTo(back.memberId());
        assertThat(back.members()).hasSize(2);
    }

    @Test
    void returningLeaderWithAnOldClientIsAFollower() {
        JoinResult back = group.join(member().as("one").inVersion(8)).join();

        assertThat(back.skipAssignment()).isFalse();
        assertThat(back.leader()).isEqualTo(first.memberId()).isNotEqualTo(back.memberId());
        assertThat(back.members()).isEmpty();
    }

    @Test
    void rejoinIsRefusedIfItCannotBeStored() {
        group.holdAppends = true;
        CompletableFuture<JoinResult> back = group.join(member().as("two"));

        group.fail(Errors.NOT_LEADER_OR_FOLLOWER);

        assertThat(back.join().error()).isEqualTo(Errors.NOT_COORDINATOR);
        group.holdAppends = false;
        assertThat(group.join(member().as("two")).join().error()).isEqualTo(Errors.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "two"})
    void rejoinsWithoutARebalanceAfterTheBrokerHasRestarted(String instance) {
        group.restart();
        String other = instance.equals("one") ? "two" : "one";
        JoinResult stays = instance.equals("one") ? second : first;

        JoinResult back = group.join(member().as(instance)).join();

        assertThat(back.generation()).isEqualTo(1);
        assertThat(back.skipAssignment()).isEqualTo(instance.equals("one"));
        assertThat(group.sync(back, Map.of()).assignment()).isEqualTo(bytes(instance.equals("one") ? "1" : "2"));
        assertThat(beat(stays, other)).isEqualTo(Errors.NONE);
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void hasItsWholeSessionToReturnAfterTheBrokerHasRestarted() {
        group.restart();

        group.advance(9900);

        assertThat(beat(first, "one")).isEqualTo(Errors.NONE);
        assertThat(beat(second, "two")).isEqualTo(Errors.NONE);
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void sessionOfTheOldIdEndsWithoutEffect() {
        group.advance(9000);
        beat(first, "one");
        JoinResult back = group.join(member().as("two")).join();

        group.advance(9000);

        assertThat(beat(first, "one")).isEqualTo(Errors.NONE);
        assertThat(beat(back, "two")).isEqualTo(Errors.NONE);
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void rejoinsWithoutARebalanceWhileANewMemberHasOnlyItsId() {
        JoinResult pending = group.join(member()).join();
        assertThat(pending.error()).isEqualTo(Errors.MEMBER_ID_REQUIRED);

        assertThat(group.join(member().as("two")).join().generation()).isEqualTo(1);

        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void restartsAgainBeforeItsNewIdIsDurable() {
        group.holdAppends = true;
        CompletableFuture<JoinResult> once = group.join(member().as("two"));
        CompletableFuture<JoinResult> twice = group.join(member().as("two"));
        group.settleAll();

        assertThat(once.join().error()).isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(twice.join().error()).isEqualTo(Errors.NONE);
        assertThat(group.sync(twice.join(), Map.of()).assignment()).isEqualTo(bytes("2"));
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void takesPartInARebalanceThatBeginsBeforeItsNewIdIsDurable() {
        group.holdAppends = true;
        CompletableFuture<JoinResult> back = group.join(member().as("two"));
        CompletableFuture<JoinResult> third = group.join(member().as("three"));
        CompletableFuture<JoinResult> leader = group.join(member().as("one").withId(first.memberId()));
        group.settleAll();

        assertThat(back.join().generation()).isEqualTo(2);
        assertThat(third.join().generation()).isEqualTo(2);
        assertThat(leader.join().members()).hasSize(3);
    }

    @Test
    void changedSubscriptionDoesNotRebalance() {
        assertThat(group.join(member().as("two").with(new Protocol("range", bytes("new")))))
                .isDone();
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void assignorThatIsNotChosenDoesNotRebalance() {
        assertThat(group.join(
                        member().as("two").with(new Protocol("sticky", bytes("")), new Protocol("range", bytes("")))))
                .isDone();
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void changeOfTheChosenAssignorRebalances() {
        Protocol range = new Protocol("range", bytes(""));
        Protocol sticky = new Protocol("sticky", bytes(""));
        group.join(member().as("one").with(range, sticky));
        group.join(member().as("two").with(range, sticky));
        assertThat(group.state()).isEqualTo(GroupState.STABLE);

        CompletableFuture<JoinResult> back = group.join(member().as("two").with(sticky));

        assertThat(back).isNotDone();
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
        CompletableFuture<JoinResult> other = group.join(member().as("one").with(range, sticky));
        assertThat(other.join().protocolName()).isEqualTo("sticky");
        assertThat(back.join().generation()).isEqualTo(2);
    }

    @Test
    void assignorThatTheOthersDoNotSupportIsRefused() {
        JoinResult other = group.join(member().as("two").with(new Protocol("sticky", bytes(""))))
                .join();
        assertThat(other.error()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void memberThatRestartsDuringARebalanceTakesPart() {
        CompletableFuture<JoinResult> leader = group.join(member().as("one").withId(first.memberId()));
        assertThat(leader).isNotDone();

        CompletableFuture<JoinResult> back = group.join(member().as("two"));

        assertThat(back.join().generation()).isEqualTo(2);
        assertThat(leader.join().members()).hasSize(2);
    }

    @Test
    void waitingJoinOfTheOldIdIsFenced() {
        group.join(member().as("one").withId(first.memberId()));
        CompletableFuture<JoinResult> third = group.joinNew(member());
        CompletableFuture<JoinResult> again = group.join(member().as("one"));

        assertThat(again).isNotDone();
        assertThat(third).isNotDone();
        CompletableFuture<JoinResult> two = group.join(member().as("two").withId(second.memberId()));
        assertThat(two.join().generation()).isEqualTo(2);
        assertThat(again.join().memberId()).isNotEqualTo(first.memberId());
    }

    @Test
    void oldIdCannotJoin() {
        group.join(member().as("two"));

        assertThat(group.join(member().as("two").withId(second.memberId()))
                        .join()
                        .error())
                .isEqualTo(Errors.FENCED_INSTANCE_ID);
    }

    @Test
    void memberKeepsItsPlaceUntilTheSessionEndsIfItMissesARebalance() {
        CompletableFuture<JoinResult> leader =
                group.join(member().as("one").withId(first.memberId()).withTimeouts(6000, 10_000));
        group.join(member().as("two").withId(second.memberId()).withTimeouts(6000, 60_000));
        assertThat(leader).isDone();
        CompletableFuture<JoinResult> again =
                group.join(member().as("one").withId(first.memberId()).withTimeouts(6000, 10_000));
        group.asyncSync(leader.join(), Map.of());
        CompletableFuture<JoinResult> third =
                group.join(member().as("one").withId(first.memberId()).withTimeouts(6000, 10_000));
        group.advance(6000);

        assertThat(again).isDone();
        assertThat(third.join().members())
                .as("the silent static member is still in")
                .hasSize(2);
    }

    @Test
    void leavesWithOnlyItsInstanceId() {
        LeaveResult result = group.tell(
                reply -> new Leave(List.of(new Leaver("", "two", "bye"), new Leaver("", "three", "")), reply));

        assertThat(result.members()).extracting(Left::error).containsExactly(Errors.NONE, Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    }

    @Test
    void cannotBeRemovedWithAnotherMemberId() {
        LeaveResult result = group.tell(reply -> new Leave(List.of(new Leaver(first.memberId(), "two", "")), reply));

        assertThat(result.members()).extracting(Left::error).containsExactly(Errors.FENCED_INSTANCE_ID);
    }
}
