package io.aeon.coordinator.group.classic;

import static io.aeon.coordinator.group.GroupDriver.Joiner.member;
import static io.aeon.coordinator.group.GroupDriver.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.Pair;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.record.Protocol;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class JoinTest {
    private final GroupDriver group = new GroupDriver();

    @Test
    void memberWithoutIdGetsAnIdAndMustJoinAgain() {
        JoinResult required = group.join(member()).join();

        assertThat(required.error()).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        assertThat(required.memberId()).startsWith("client-");
        assertThat(group.join(member().withId(required.memberId()))).isNotDone();
    }

    @Test
    void memberOfAnOldClientJoinsAtOnce() {
        CompletableFuture<JoinResult> join = group.join(member().inVersion(3));

        group.advance(3000);

        assertThat(join.join().error()).isEqualTo(Errors.NONE);
        assertThat(join.join().generation()).isEqualTo(1);
    }

    @Test
    void unusedMemberIdIsRemovedAfterTheSessionTimeout() {
        String id = group.join(member()).join().memberId();

        group.advance(10_000);

        assertThat(group.join(member().withId(id)).join().error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.group().isVacant()).isTrue();
    }

    @Test
    void emptyGroupWaitsForOthersBeforeItsFirstGeneration() {
        CompletableFuture<JoinResult> first = group.joinNew(member());
        group.advance(2999);
        CompletableFuture<JoinResult> second = group.joinNew(member());
        assertThat(first).isNotDone();

        group.advance(1);
        assertThat(first)
                .as("a member came while the group waited: it waits on")
                .isNotDone();
        group.advance(3000);

        assertThat(first.join().generation()).isEqualTo(1);
        assertThat(second.join().generation()).isEqualTo(1);
        assertThat(first.join().members()).hasSize(2);
        assertThat(second.join().members()).isEmpty();
        assertThat(second.join().leader()).isEqualTo(first.join().memberId());
    }

    @Test
    void firstWaitEndsAtTheRebalanceTimeout() {
        CompletableFuture<JoinResult> first = group.joinNew(member().withTimeouts(7000, 10_000));
        for (int i = 0; i < 6; i++) {
            group.advance(1000);
            group.joinNew(member().withTimeouts(7000, 10_000));
        }
        group.advance(999);
        assertThat(first).isNotDone();

        group.advance(1);

        assertThat(first).isDone();
        assertThat(first.join().members()).hasSize(7);
    }

    @Test
    void assignorIsSupportedByAllAndPreferredByMost() {
        Protocol range = new Protocol("range", bytes("r"));
        Protocol sticky = new Protocol("sticky", bytes("s"));
        Protocol own = new Protocol("own", bytes("o"));
        CompletableFuture<JoinResult> leader = group.joinNew(member().with(own, range, sticky));
        group.joinNew(member().with(sticky, range));
        group.joinNew(member().with(sticky, range));
        group.advance(6000);

        assertThat(leader.join().protocolName()).isEqualTo("sticky");
        assertThat(leader.join().members()).allMatch(each -> each.metadata().equals(bytes("s")));
    }

    @Test
    void memberWithoutACommonAssignorIsRefused() {
        group.joinNew(member());

        assertThat(group.join(member().with(new Protocol("else", bytes(""))))
                        .join()
                        .error())
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(group.join(member().ofType("connect")).join().error()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(group.join(member().with()).join().error()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void joinOfAnEmptyGroupNeedsAProtocol() {
        assertThat(group.join(member().ofType("")).join().error()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(group.group().isVacant()).isTrue();
    }

    @Test
    void sessionTimeoutHasBounds() {
        assertThat(group.join(member().withTimeouts(1, 5999)).join().error()).isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
        assertThat(group.join(member().withTimeouts(1, 1_800_001)).join().error())
                .isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
    }

    @Test
    void memberOfAMissingGroupIsUnknown() {
        assertThat(group.join(member().withId("who")).join().error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void fullGroupRefusesNewMembers() {
        GroupDriver small = new GroupDriver(new GroupSettings(0, 6000, 60_000, 1, 4096, 1000));
        CompletableFuture<JoinResult> first = small.joinNew(member());
        small.advance(0);
        small.sync(first.join(), Map.of());

        assertThat(small.join(member()).join().error()).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        assertThat(small.heartbeat(first.join())).isEqualTo(Errors.NONE);
    }

    @Test
    void repeatedJoinIsAnsweredWithTheGeneration() {
        Pair pair = Pair.stable(group);

        JoinResult again =
                group.join(member().withId(pair.follower().memberId())).join();

        assertThat(again.generation()).isEqualTo(pair.follower().generation());
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void changedSubscriptionRebalances() {
        Pair pair = Pair.stable(group);

        CompletableFuture<JoinResult> again =
                group.join(member().withId(pair.follower().memberId())
                        .with(new Protocol("range", GroupDriver.subscription("t", "u"))));

        assertThat(again).isNotDone();
        assertThat(group.heartbeat(pair.leader())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        CompletableFuture<JoinResult> leader =
                group.join(member().withId(pair.leader().memberId()));
        assertThat(leader.join().generation()).isEqualTo(2);
        assertThat(again.join().generation()).isEqualTo(2);
    }

    @Test
    void rejoinOfTheLeaderRebalancesBecauseTopicsMayHaveMorePartitions() {
        Pair pair = Pair.stable(group);

        CompletableFuture<JoinResult> leader =
                group.join(member().withId(pair.leader().memberId()));

        assertThat(leader).isNotDone();
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    }

    @Test
    void memberThatDoesNotRejoinInTimeIsRemoved() {
        Pair pair = Pair.stable(group);
        CompletableFuture<JoinResult> follower = group.join(
                member().withId(pair.follower().memberId()).with(new Protocol("range", GroupDriver.subscription("u"))));
        for (int i = 0; i < 7; i++) {
            group.heartbeat(pair.leader());
            group.advance(9000);
        }

        assertThat(follower.join().generation()).isEqualTo(2);
        assertThat(follower.join().leader()).isEqualTo(pair.follower().memberId());
        assertThat(group.heartbeat(pair.leader())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void secondJoinOfAMemberReplacesTheFirst() {
        JoinResult required = group.join(member()).join();
        CompletableFuture<JoinResult> lost = group.join(member().withId(required.memberId()));
        CompletableFuture<JoinResult> again = group.join(member().withId(required.memberId()));
        group.advance(3000);

        assertThat(lost.join().error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(again.join().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void newMemberWithoutAClientIsRemovedAfterFiveMinutes() {
        Pair pair = Pair.stable(group);
        group.join(member().inVersion(3).withTimeouts(3_600_000, 10_000));
        group.leave(pair.leader().memberId(), pair.follower().memberId());
        group.advance(Joins.NEW_MEMBER_TIMEOUT_MS + 11_000);

        assertThat(group.state()).isEqualTo(GroupState.EMPTY);
    }
}
