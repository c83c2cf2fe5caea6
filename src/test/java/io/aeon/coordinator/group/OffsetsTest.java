package io.aeon.coordinator.group;

import static io.aeon.coordinator.group.GroupDriver.Joiner.member;
import static io.aeon.coordinator.group.GroupDriver.partition;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.Delete;
import io.aeon.coordinator.group.command.GroupCommand.DeleteOffsets;
import io.aeon.coordinator.group.command.GroupCommand.ExpireOffsets;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.coordinator.group.command.OffsetDeleteResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class OffsetsTest {
    private static final long RETENTION = 7L * 24 * 3600 * 1000;

    private final GroupDriver group = new GroupDriver();

    @Test
    void clientThatIsNotAMemberCommitsToAGroupWithoutMembers() {
        assertThat(group.commit("", null, -1, "t", 42).join().error()).isEqualTo(Errors.NONE);

        assertThat(group.committed("t")).isEqualTo(42);
        assertThat(group.state()).isEqualTo(GroupState.EMPTY);
        assertThat(group.group().listing().orElseThrow().protocolType()).isEmpty();
    }

    @Test
    void commitIsVisibleWhenItIsDurable() {
        group.holdAppends = true;
        CompletableFuture<OffsetCommitResult> commit = group.commit("", null, -1, "t", 42);

        assertThat(commit).isNotDone();
        assertThat(group.committed("t")).isEqualTo(-1);
        group.settle();

        assertThat(commit.join().partitions()).containsExactly(Errors.NONE);
        assertThat(group.committed("t")).isEqualTo(42);
    }

    @Test
    void commitThatFailsChangesNothing() {
        group.commit("", null, -1, "t", 1);
        group.holdAppends = true;
        CompletableFuture<OffsetCommitResult> commit = group.commit("", null, -1, "t", 2);

        group.fail(Errors.RECORD_LIST_TOO_LARGE);

        assertThat(commit.join().error()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        assertThat(group.committed("t")).isEqualTo(1);
    }

    @Test
    void memberCommitsInItsGeneration() {
        Pair pair = Pair.stable(group);

        assertThat(group.commit(pair.follower(), "t", 5).error()).isEqualTo(Errors.NONE);
        assertThat(group.commit(pair.follower().memberId(), null, 0, "t", 6)
                        .join()
                        .error())
                .isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(group.commit("who", null, 1, "t", 6).join().error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.commit("", null, -1, "t", 6).join().error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(group.committed("t")).isEqualTo(5);
    }

    @Test
    void memberStillCommitsWhileTheGroupPreparesButNotBeforeItsAssignment() {
        Pair pair = Pair.stable(group);
        CompletableFuture<JoinResult> leader =
                group.join(member().withId(pair.leader().memberId()));
        assertThat(group.commit(pair.follower(), "t", 5).error()).isEqualTo(Errors.NONE);

        group.join(member().withId(pair.follower().memberId()));

        assertThat(group.commit(leader.join(), "t", 6).error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void generationOfAMissingGroupIsRefused() {
        assertThat(group.commit("m", null, 3, "t", 1).join().error()).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    @Test
    void onlyTheOffsetWithTooLongMetadataIsRefused() {
        OffsetCommitResult result = group.<OffsetCommitResult>ask(reply -> new CommitOffsets(
                        "",
                        null,
                        -1,
                        -1,
                        true,
                        List.of(
                                new OffsetToCommit(partition("a"), 1, -1, "x".repeat(4097)),
                                new OffsetToCommit(partition("b"), 2, -1, null)),
                        reply))
                .join();

        assertThat(result.partitions()).containsExactly(Errors.OFFSET_METADATA_TOO_LARGE, Errors.NONE);
        assertThat(group.committed("a")).isEqualTo(-1);
        assertThat(group.committed("b")).isEqualTo(2);
    }

    @Test
    void offsetsSurviveAReplay() {
        group.commit("", null, -1, "t", 1);
        group.commit("", null, -1, "t", 2);
        group.commit("", null, -1, "u", 3);

        group.restart();

        assertThat(group.committed("t")).isEqualTo(2);
        assertThat(group.committed("u")).isEqualTo(3);
        assertThat(group.state()).isEqualTo(GroupState.EMPTY);
    }

    @Test
    void offsetsOfTopicsInUseCannotBeDeleted() {
        Pair pair = Pair.stable(group);
        group.commit(pair.leader(), "t", 1);
        group.commit(pair.leader(), "u", 1);

        OffsetDeleteResult result = group.<OffsetDeleteResult>ask(reply -> new DeleteOffsets(
                        List.of(new TopicPartition("t", 0), new TopicPartition("u", 0), new TopicPartition("u", 1)),
                        reply))
                .join();

        assertThat(result.partitions()).containsExactly(Errors.GROUP_SUBSCRIBED_TO_TOPIC, Errors.NONE, Errors.NONE);
        assertThat(group.committed("t")).isEqualTo(1);
        assertThat(group.committed("u")).isEqualTo(-1);
    }

    @Test
    void offsetsOfAForeignGroupInUseCannotBeDeleted() {
        group.joinNew(member().ofType("connect"));
        group.advance(3000);

        assertThat(delete("t")).isEqualTo(Errors.NON_EMPTY_GROUP);
        assertThat(new GroupDriver()
                        .<OffsetDeleteResult>tell(reply -> new DeleteOffsets(List.of(), reply))
                        .error())
                .isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    private Errors delete(String topic) {
        return group.<OffsetDeleteResult>tell(reply -> new DeleteOffsets(List.of(new TopicPartition(topic, 0)), reply))
                .error();
    }

    @Test
    void onlyAGroupWithoutMembersIsDeleted() {
        assertThat(group.<Errors>tell(Delete::new)).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        Pair pair = Pair.stable(group);
        group.commit(pair.leader(), "t", 1);
        assertThat(group.<Errors>tell(Delete::new)).isEqualTo(Errors.NON_EMPTY_GROUP);
        group.leave(pair.leader().memberId(), pair.follower().memberId());

        assertThat(group.<Errors>tell(Delete::new)).isEqualTo(Errors.NONE);

        assertThat(group.state()).isEqualTo(GroupState.DEAD);
        assertThat(group.replayed().isVacant()).isTrue();
    }

    @Test
    void memberThatJoinsDuringTheDeletionOfTheGroupStays() {
        group.commit("", null, -1, "t", 1);
        group.holdAppends = true;
        CompletableFuture<Errors> deletion = group.ask(Delete::new);
        CompletableFuture<JoinResult> join = group.joinNew(member());
        group.settle();
        assertThat(deletion.join()).isEqualTo(Errors.NONE);

        group.advance(3000);

        assertThat(join.join().error()).isEqualTo(Errors.NONE);
        assertThat(group.committed("t")).isEqualTo(-1);
    }

    @Test
    void offsetsOfAnEmptyGroupExpireAndTheGroupWithThem() {
        Pair pair = Pair.stable(group);
        group.commit(pair.leader(), "t", 1);
        group.leave(pair.leader().memberId(), pair.follower().memberId());
        group.advance(RETENTION - 1);
        group.step(new ExpireOffsets());
        assertThat(group.committed("t")).isEqualTo(1);
        assertThat(group.group().concerns(new ExpireOffsets(), group.now())).isFalse();

        group.advance(1);
        assertThat(group.group().concerns(new ExpireOffsets(), group.now())).isTrue();
        group.step(new ExpireOffsets());

        assertThat(group.committed("t")).isEqualTo(-1);
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
        assertThat(group.replayed().isVacant()).isTrue();
    }

    private void commit(int partitions) {
        List<OffsetToCommit> offsets = IntStream.range(0, partitions)
                .mapToObj(i -> new TopicIdPartition(GroupDriver.TOPIC_ID, new TopicPartition("t", i)))
                .map(partition -> new OffsetToCommit(partition, 1, -1, null))
                .toList();
        OffsetCommitResult result = group.tell(reply -> new CommitOffsets("", null, -1, -1, true, offsets, reply));
        assertThat(result.error()).isEqualTo(Errors.NONE);
    }

    /** All appends become durable; none is larger than a broker's smallest limit would permit. */
    private void settleSmall() {
        assertThat(group.appends())
                .hasSizeGreaterThan(3)
                .allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(501));
        group.settleAll();
    }

    @Test
    void manyOffsetsExpireInSmallBatches() {
        commit(2000);
        group.advance(RETENTION);
        group.holdAppends = true;
        group.step(new ExpireOffsets());
        assertThat(group.notes()).isEmpty();

        settleSmall();

        assertThat(group.notes()).containsExactly("expired: 2000 offsets and the group");
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
        assertThat(group.replayed().isVacant()).isTrue();
    }

    @Test
    void aGroupWithManyOffsetsIsDeletedInSmallBatches() {
        commit(2000);
        group.holdAppends = true;
        CompletableFuture<Errors> deletion = group.ask(Delete::new);
        group.settle();
        assertThat(deletion).isNotDone();
        group.holdAppends = false;
        group.settleAll();

        assertThat(deletion).isCompletedWithValue(Errors.NONE);
        assertThat(group.replayed().isVacant()).isTrue();
    }

    @Test
    void aDeletionFailsWithTheFirstErrorOfItsBatches() {
        commit(2000);
        group.holdAppends = true;
        CompletableFuture<Errors> deletion = group.ask(Delete::new);
        group.settle();
        group.fail(Errors.NOT_ENOUGH_REPLICAS);
        group.settleAll();

        assertThat(deletion).isCompletedWithValue(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(group.<Errors>ask(Delete::new)).isNotDone();
        group.settleAll();
        assertThat(group.replayed().isVacant()).isTrue();
    }

    @Test
    void manyOffsetsAreDeletedInSmallBatches() {
        commit(2000);
        group.holdAppends = true;
        List<TopicPartition> all = IntStream.range(0, 2000)
                .mapToObj(i -> new TopicPartition("t", i))
                .toList();
        CompletableFuture<OffsetDeleteResult> deletion = group.ask(reply -> new DeleteOffsets(all, reply));

        settleSmall();

        assertThat(deletion.join().partitions()).hasSize(2000).containsOnly(Errors.NONE);
        assertThat(group.offsets(group.group()).offsets()).isEmpty();
    }

    @Test
    void anOffsetThatIsCommittedWhileTheOlderOneExpiresStays() {
        group.commit("", null, -1, "t", 1);
        group.commit("", null, -1, "u", 1);
        group.advance(RETENTION);
        group.holdAppends = true;
        CompletableFuture<OffsetCommitResult> commit = group.commit("", null, -1, "t", 2);
        group.step(new ExpireOffsets());

        group.settleAll();

        assertThat(commit.join().error()).isEqualTo(Errors.NONE);
        assertThat(group.committed("t")).isEqualTo(2);
        assertThat(group.committed("u")).isEqualTo(-1);
    }

    @Test
    void offsetsOfTopicsInUseDoNotExpire() {
        Pair pair = Pair.stable(group);
        group.commit(pair.leader(), "t", 1);
        group.commit(pair.leader(), "u", 1);
        for (long passed = 0; passed <= RETENTION; passed += 5000) {
            group.advance(5000);
            group.heartbeat(pair.leader());
            group.heartbeat(pair.follower());
        }

        group.step(new ExpireOffsets());

        assertThat(group.committed("t")).isEqualTo(1);
        assertThat(group.committed("u")).isEqualTo(-1);
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void offsetsWithoutAGroupExpireByTheirOwnAge() {
        group.commit("", null, -1, "old", 1);
        group.advance(RETENTION / 2);
        group.commit("", null, -1, "young", 1);
        group.advance(RETENTION / 2);

        group.step(new ExpireOffsets());

        assertThat(group.committed("old")).isEqualTo(-1);
        assertThat(group.committed("young")).isEqualTo(1);
        assertThat(group.state()).isEqualTo(GroupState.EMPTY);
    }

    @Test
    void oldClientMaySetAShorterRetention() {
        group.ask((CompletableFuture<OffsetCommitResult> reply) -> new CommitOffsets(
                "", null, -1, 1000, true, List.of(new OffsetToCommit(partition("t"), 1, -1, null)), reply));
        group.advance(1000);

        group.step(new ExpireOffsets());

        assertThat(group.committed("t")).isEqualTo(-1);
    }
}
