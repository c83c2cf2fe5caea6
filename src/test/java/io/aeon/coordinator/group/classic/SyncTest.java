package io.aeon.coordinator.group.classic;

import static io.aeon.coordinator.group.GroupDriver.Joiner.member;
import static io.aeon.coordinator.group.GroupDriver.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.Pair;
import io.aeon.coordinator.group.command.GroupCommand.Sync;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.record.GroupRecord.GroupMetadata;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class SyncTest {
    private final GroupDriver group = new GroupDriver();

    @Test
    void membersGetTheLeadersAssignmentWhenItIsDurable() {
        Pair pair = Pair.joined(group);
        group.holdAppends = true;

        CompletableFuture<SyncResult> follower = group.asyncSync(pair.follower(), Map.of());
        CompletableFuture<SyncResult> leader = group.asyncSync(pair.leader(), pair.assignments());
        assertThat(leader).isNotDone();
        assertThat(follower).isNotDone();
        group.settle();

        assertThat(leader.join().assignment()).isEqualTo(bytes("for the leader"));
        assertThat(follower.join().assignment()).isEqualTo(bytes("for the follower"));
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
        assertThat(group.log()).singleElement().isInstanceOf(GroupMetadata.class);
    }

    @Test
    void assignmentsOfAFollowerAreIgnored() {
        Pair pair = Pair.joined(group);

        CompletableFuture<SyncResult> follower = group.asyncSync(pair.follower(), pair.assignments());

        assertThat(follower).isNotDone();
        assertThat(group.log()).isEmpty();
    }

    @Test
    void lateMemberFetchesItsAssignment() {
        Pair pair = Pair.joined(group);
        group.asyncSync(pair.leader(), pair.assignments());

        assertThat(group.sync(pair.follower(), Map.of()).assignment()).isEqualTo(bytes("for the follower"));
    }

    @Test
    void assignmentThatCannotBeStoredStartsARebalance() {
        Pair pair = Pair.joined(group);
        group.holdAppends = true;
        CompletableFuture<SyncResult> follower = group.asyncSync(pair.follower(), Map.of());
        CompletableFuture<SyncResult> leader = group.asyncSync(pair.leader(), pair.assignments());

        group.fail(Errors.KAFKA_STORAGE_ERROR);

        assertThat(leader.join().error()).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(follower.join().error()).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    }

    @Test
    void joinWhileTheAssignmentIsStoredInvalidatesIt() {
        Pair pair = Pair.joined(group);
        group.holdAppends = true;
        CompletableFuture<SyncResult> leader = group.asyncSync(pair.leader(), pair.assignments());
        group.joinNew(member());

        assertThat(leader.join().error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        group.settle();
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    }

    @Test
    void wrongRequestsAreRefused() {
        Pair pair = Pair.joined(group);
        String id = pair.follower().memberId();

        assertThat(sync("who", 1, "consumer", "range")).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(sync(id, 7, "consumer", "range")).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(sync(id, 1, "connect", "range")).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(sync(id, 1, "consumer", "sticky")).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        group.leave(pair.leader().memberId());
        assertThat(sync(id, 1, "consumer", "range")).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(new GroupDriver().asyncSync(pair.leader(), Map.of()).join().error())
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    private Errors sync(String memberId, int generation, String type, String protocol) {
        return group.<SyncResult>tell(reply -> new Sync(memberId, null, generation, type, protocol, Map.of(), reply))
                .error();
    }

    @Test
    void memberThatDoesNotSyncInTimeIsRemoved() {
        Pair pair = Pair.joined(group);
        CompletableFuture<SyncResult> follower = group.asyncSync(pair.follower(), Map.of());
        for (int i = 0; i < 12; i++) {
            group.advance(5000);
            group.heartbeat(pair.leader());
        }

        assertThat(follower.join().error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(group.heartbeat(pair.leader())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void waitingSyncOfARemovedMemberIsAnswered() {
        Pair pair = Pair.joined(group);
        CompletableFuture<SyncResult> follower = group.asyncSync(pair.follower(), Map.of());

        group.leave(pair.follower().memberId());

        assertThat(follower.join().error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void memberWithoutAnAssignmentGetsAnEmptyOne() {
        Pair pair = Pair.joined(group);

        assertThat(group.sync(pair.leader(), Map.of()).assignment()).isEqualTo(Bytes.NONE);
        assertThat(List.of(group.state())).containsExactly(GroupState.STABLE);
    }
}
