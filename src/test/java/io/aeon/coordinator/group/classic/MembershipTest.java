package io.aeon.coordinator.group.classic;

import static io.aeon.coordinator.group.GroupDriver.Joiner.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.FakeTopics;
import io.aeon.coordinator.group.Group;
import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.Pair;
import io.aeon.coordinator.group.command.GroupCommand.Describe;
import io.aeon.coordinator.group.command.GroupCommand.DescribeResult;
import io.aeon.coordinator.group.command.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.LeaveResult;
import io.aeon.coordinator.group.command.LeaveResult.Left;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.record.GroupRecord.GroupMetadata;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private final GroupDriver group = new GroupDriver();

    @Test
    void heartbeatsKeepASession() {
        Pair pair = Pair.stable(group);
        for (int i = 0; i < 10; i++) {
            group.advance(9000);
            assertThat(group.heartbeat(pair.leader())).isEqualTo(Errors.NONE);
            assertThat(group.heartbeat(pair.follower())).isEqualTo(Errors.NONE);
        }
    }

    @Test
    void commitsKeepASession() {
        Pair pair = Pair.stable(group);
        for (int i = 0; i < 5; i++) {
            group.advance(9000);
            assertThat(group.commit(pair.leader(), "t", i).error()).isEqualTo(Errors.NONE);
        }
        assertThat(group.heartbeat(pair.leader())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void memberWithoutHeartbeatsIsRemovedAndTheOthersRebalance() {
        Pair pair = Pair.stable(group);
        group.advance(9000);
        group.heartbeat(pair.leader());
        group.advance(1000);

        assertThat(group.heartbeat(pair.leader())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(group.heartbeat(pair.follower())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        CompletableFuture<JoinResult> rejoined =
                group.join(member().withId(pair.leader().memberId()));
        assertThat(rejoined.join().members()).hasSize(1);
    }

    @Test
    void wrongHeartbeatsAreRefused() {
        Pair pair = Pair.stable(group);
        String id = pair.leader().memberId();

        assertThat(group.<Errors>tell(reply -> new Heartbeat("who", null, 1, reply)))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.<Errors>tell(reply -> new Heartbeat(id, null, 2, reply)))
                .isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(group.<Errors>tell(reply -> new Heartbeat(id, "instance", 1, reply)))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(new GroupDriver().<Errors>tell(reply -> new Heartbeat(id, null, 1, reply)))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void groupIsEmptyAfterItsLastMemberLeaves() {
        Pair pair = Pair.stable(group);

        group.leave(pair.leader().memberId(), pair.follower().memberId());

        assertThat(group.state()).isEqualTo(GroupState.EMPTY);
        assertThat(group.group().isIdle()).isTrue();
        GroupMetadata last = (GroupMetadata) group.log().get(group.log().size() - 1);
        assertThat(last.value()).isNotNull();
        assertThat(last.value().id()).isEqualTo(2);
        assertThat(last.value().members()).isEmpty();
    }

    @Test
    void leavingIsAnsweredForEachMember() {
        Pair pair = Pair.stable(group);

        LeaveResult result = group.leave(pair.follower().memberId(), "who");

        assertThat(result.members()).extracting(Left::error).containsExactly(Errors.NONE, Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    }

    @Test
    void leaveWithAnUnknownIdRemovesNoMember() {
        Pair.stable(group);

        group.leave("who");

        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void waitingJoinOfARemovedMemberIsAnswered() {
        CompletableFuture<JoinResult> first = group.joinNew(member());
        String id = group.describe().group().members().get(0).memberId();

        group.leave(id);

        assertThat(first.join().error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        group.advance(3000);
        assertThat(group.state()).isEqualTo(GroupState.EMPTY);
    }

    @Test
    void rebalanceDoesNotWaitForAMemberThatLeft() {
        Pair pair = Pair.stable(group);
        CompletableFuture<JoinResult> leader =
                group.join(member().withId(pair.leader().memberId()));
        assertThat(leader).isNotDone();

        group.leave(pair.follower().memberId());

        assertThat(leader.join().generation()).isEqualTo(2);
    }

    @Test
    void rebalanceWaitsForAPendingMember() {
        Pair pair = Pair.stable(group);
        String promised = group.join(member()).join().memberId();
        CompletableFuture<JoinResult> leader =
                group.join(member().withId(pair.leader().memberId()));
        CompletableFuture<JoinResult> follower =
                group.join(member().withId(pair.follower().memberId()));
        assertThat(leader).isNotDone();

        CompletableFuture<JoinResult> third = group.join(member().withId(promised));

        assertThat(leader.join().members()).hasSize(3);
        assertThat(follower).isDone();
        assertThat(third).isDone();
    }

    @Test
    void membersAreRestoredByAReplay() {
        Pair pair = Pair.stable(group);

        group.restart();

        assertThat(group.state()).isEqualTo(GroupState.STABLE);
        assertThat(group.heartbeat(pair.leader())).isEqualTo(Errors.NONE);
        group.advance(10_000);
        assertThat(group.heartbeat(pair.follower())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void theOthersRebalanceWithinTheSessionTimeoutAfterALoad() {
        Pair pair = Pair.stable(group);
        group.restart();
        for (int beats = 0; beats < 2; beats++) {
            group.advance(3000);
            assertThat(group.heartbeat(pair.leader())).isEqualTo(Errors.NONE);
        }

        group.advance(3000);
        assertThat(group.heartbeat(pair.leader())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        JoinResult alone = group.join(member().withId(pair.leader().memberId())).join();
        assertThat(alone.members()).hasSize(1);
    }

    @Test
    void membersWaitLessThanTheSessionTimeoutForOneThatIsGoneAfterALoad() {
        Pair pair = Pair.stable(group);
        group.restart();
        CompletableFuture<JoinResult> rejoined =
                group.join(member().withId(pair.leader().memberId()));
        assertThat(rejoined).isNotDone();

        group.advance(6667);

        assertThat(rejoined.join().members()).hasSize(1);
    }

    @Test
    void aMemberHasMostOfItsSessionToReturnAfterALoadAndThenAllOfIt() {
        Pair pair = Pair.stable(group);
        group.restart();

        group.advance(6600);
        assertThat(group.heartbeat(pair.leader())).isEqualTo(Errors.NONE);
        assertThat(group.heartbeat(pair.follower())).isEqualTo(Errors.NONE);
        group.advance(9900);
        assertThat(group.heartbeat(pair.leader())).isEqualTo(Errors.NONE);
        assertThat(group.heartbeat(pair.follower())).isEqualTo(Errors.NONE);
    }

    @Test
    void replayedGroupOverItsSizeRebalances() {
        Pair.stable(group);
        Group small = new Group(
                GroupDriver.GROUP,
                new GroupSettings(0, 6000, 60_000, 1, 10, 10),
                () -> GroupDriver.CONSUMERS,
                java.util.UUID::randomUUID,
                () -> new FakeTopics(GroupDriver.TOPIC_ID));
        small.replay(group.log().get(0), -1, 0);

        small.start(group.now());

        assertThat(small.listing().orElseThrow().state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void descriptionShowsMetadataOfAStableGroupOnly() {
        Pair pair = Pair.joined(group);
        assertThat(group.describe().group().protocol()).isEmpty();
        assertThat(group.describe().group().members())
                .allMatch(member -> member.metadata().equals(Bytes.NONE));

        group.asyncSync(pair.leader(), pair.assignments());

        assertThat(group.describe().group().protocol()).isEqualTo("range");
        assertThat(group.describe().group().members())
                .noneMatch(member -> member.metadata().equals(Bytes.NONE));
    }

    @Test
    void missingGroupCannotBeDescribed() {
        assertThat(group.<DescribeResult>tell(Describe::new).error()).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }
}
