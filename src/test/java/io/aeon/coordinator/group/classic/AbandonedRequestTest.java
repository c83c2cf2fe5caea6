package io.aeon.coordinator.group.classic;

import static io.aeon.coordinator.group.GroupDriver.Joiner.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.GroupDriver.Joiner;
import io.aeon.coordinator.group.Pair;
import io.aeon.coordinator.group.command.GroupCommand.Abandoned;
import io.aeon.coordinator.group.command.JoinResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** The session of a member begins when its connection ends while a request of it waits, not when the wait ends. */
class AbandonedRequestTest {
    private static final int SESSION_MS = 10_000;

    private final GroupDriver group = new GroupDriver();
    private final Pair pair = Pair.stable(group);

    private CompletableFuture<JoinResult> rejoin(JoinResult member) {
        return group.join(member().withId(member.memberId()));
    }

    /** A third member joins, so that the two others must. */
    private CompletableFuture<JoinResult> third() {
        return group.joinNew(member());
    }

    private void abandon(CompletableFuture<?> request) {
        assertThat(request).isNotDone();
        group.step(new Abandoned(request));
    }

    private boolean isMember(JoinResult member) {
        return group.describe().group().members().stream()
                .anyMatch(each -> each.memberId().equals(member.memberId()));
    }

    @Test
    void theEndOfAJoinDoesNotRenewTheSession() {
        third();
        abandon(rejoin(pair.follower()));
        group.advance(6000);
        JoinResult leader = rejoin(pair.leader()).join();
        assertThat(leader.members()).hasSize(3);

        group.advance(SESSION_MS - 6001);
        assertThat(isMember(pair.follower())).isTrue();
        group.advance(1);

        assertThat(isMember(pair.follower())).isFalse();
        assertThat(group.heartbeat(leader)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void theOthersDoNotWaitForAMemberWhoseSessionHasEnded() {
        CompletableFuture<JoinResult> third = third();
        abandon(rejoin(pair.follower()));
        for (int second = 0; second < 10; second++) {
            group.advance(1000);
            group.heartbeat(pair.leader());
        }
        assertThat(isMember(pair.follower())).isFalse();

        assertThat(rejoin(pair.leader()).join().members()).hasSize(2);
        assertThat(third).isDone();
    }

    @Test
    void theEndOfASyncDoesNotRenewTheSession() {
        CompletableFuture<JoinResult> leader = rejoin(pair.leader());
        CompletableFuture<JoinResult> follower = rejoin(pair.follower());
        abandon(group.asyncSync(follower.join(), Map.of()));
        group.advance(6000);
        assertThat(group.sync(leader.join(), pair.assignments()).error()).isEqualTo(Errors.NONE);

        group.advance(SESSION_MS - 6001);
        assertThat(isMember(pair.follower())).isTrue();
        group.advance(1);

        assertThat(isMember(pair.follower())).isFalse();
        assertThat(group.heartbeat(leader.join())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aMemberThatReturnsDuringTheWaitIsHeldAgain() {
        third();
        abandon(rejoin(pair.follower()));
        group.advance(SESSION_MS - 1);
        group.heartbeat(pair.leader());

        CompletableFuture<JoinResult> again = rejoin(pair.follower());
        group.advance(SESSION_MS - 1);
        assertThat(again).isNotDone();
        rejoin(pair.leader());

        assertThat(again.join().error()).isEqualTo(Errors.NONE);
        group.advance(SESSION_MS - 1);
        assertThat(isMember(pair.follower())).isTrue();
    }

    @Test
    void aMemberThatReturnsAfterTheWaitHasAWholeSession() {
        third();
        abandon(rejoin(pair.follower()));
        rejoin(pair.leader());
        group.advance(SESSION_MS - 1);

        JoinResult again = rejoin(pair.follower()).join();
        assertThat(again.error()).isEqualTo(Errors.NONE);
        assertThat(again.memberId()).isEqualTo(pair.follower().memberId());
        group.advance(SESSION_MS - 1);

        assertThat(isMember(pair.follower())).isTrue();
    }

    @Test
    void anOlderRequestOfAMemberThatHasReturnedIsNoLongerThere() {
        third();
        CompletableFuture<JoinResult> old = rejoin(pair.follower());
        CompletableFuture<JoinResult> again = rejoin(pair.follower());
        group.step(new Abandoned(old));

        group.advance(SESSION_MS - 1);
        group.heartbeat(pair.leader());
        group.advance(1);

        assertThat(again).isNotDone();
        assertThat(isMember(pair.follower())).isTrue();
    }

    @Test
    void theLeaderIsAMemberThatIsThere() {
        CompletableFuture<JoinResult> third = third();
        abandon(rejoin(pair.leader()));
        rejoin(pair.follower());

        assertThat(third.join().leader()).isNotEqualTo(pair.leader().memberId());
    }

    @Test
    void aNewMemberWhoseClientIsGoneIsKeptForOneSession() {
        CompletableFuture<JoinResult> third = third();
        abandon(third);
        group.advance(SESSION_MS - 1);
        group.heartbeat(pair.leader());
        group.heartbeat(pair.follower());
        group.advance(1);

        assertThat(third.join().error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.describe().group().members()).hasSize(2);
    }

    @Test
    void aNewMemberThatReturnsIsHeldAgain() {
        Joiner joiner = member().withId(group.join(member()).join().memberId());
        abandon(group.join(joiner));
        CompletableFuture<JoinResult> again = group.join(joiner);
        for (int second = 0; second < 30; second++) {
            group.advance(1000);
            group.heartbeat(pair.leader());
        }

        assertThat(again).isNotDone();
        rejoin(pair.leader());
        assertThat(again.join().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void aStaticMemberIsKeptForOneSession() {
        Joiner instance = member().as("instance");
        abandon(group.join(instance));
        CompletableFuture<JoinResult> leader = rejoin(pair.leader());
        rejoin(pair.follower());

        group.advance(SESSION_MS - 1);
        assertThat(group.heartbeat(leader.join())).isEqualTo(Errors.NONE);
        group.advance(1);

        assertThat(group.describe().group().members()).noneMatch(each -> "instance".equals(each.instanceId()));
    }

    @Test
    void aStaticMemberThatHasRestartedKeepsItsPlace() {
        Joiner instance = member().as("instance");
        abandon(group.join(instance));
        group.advance(SESSION_MS - 1);
        group.heartbeat(pair.leader());

        CompletableFuture<JoinResult> restarted = group.join(instance);
        group.advance(SESSION_MS - 1);

        assertThat(restarted).isNotDone();
        rejoin(pair.leader());
        assertThat(restarted.join().error()).isEqualTo(Errors.NONE);
    }
}
