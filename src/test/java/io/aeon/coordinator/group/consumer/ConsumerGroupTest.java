package io.aeon.coordinator.group.consumer;

import static io.aeon.coordinator.group.consumer.OneTopic.instance;
import static io.aeon.coordinator.group.consumer.OneTopic.member;
import static io.aeon.coordinator.group.consumer.OneTopic.partitions;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.HeapShare;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.group.FakeTopics;
import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.Delete;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.coordinator.group.command.OffsetFetchResult;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.environment.TopicMetadata;
import io.aeon.coordinator.group.record.ConsumerGroupRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Epoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.GroupEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.MemberRecord;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.record.MemberMetadata;
import io.aeon.coordinator.group.record.MemberState;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.api.assignor.GroupAssignment;
import org.apache.kafka.coordinator.group.api.assignor.GroupSpec;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;
import org.apache.kafka.coordinator.group.assignor.UniformAssignor;
import org.junit.jupiter.api.Test;

/** How members of the consumer protocol get, keep and lose partitions, request by request. */
class ConsumerGroupTest {
    private static final int SESSION_MS = 45_000;

    private final FakeTopics topics = OneTopic.create();
    private final GroupDriver group = new GroupDriver(GroupDriver.SETTINGS, GroupDriver.CONSUMERS, topics);

    private String state() {
        return group.group().listing().orElseThrow().state();
    }

    /** Two members with two partitions each. */
    private List<SimulatedConsumer> pair() {
        SimulatedConsumer first = member("first");
        SimulatedConsumer second = member("second");
        first.follow(group);
        second.follow(group);
        group.advance(1000);
        first.follow(group);
        first.follow(group);
        second.follow(group);
        assertThat(state()).isEqualTo("Stable");
        return List.of(first, second);
    }

    @Test
    void theFirstMemberGetsAllPartitionsAtOnce() {
        ConsumerHeartbeatResult joined = member("only").beat(group);

        assertThat(joined.assignment()).isEqualTo(partitions(0, 1, 2, 3));
        assertThat(joined.memberEpoch()).isEqualTo(2);
        assertThat(joined.heartbeatIntervalMs()).isEqualTo(ConsumerHeartbeats.MOVING_INTERVAL_MS);
    }

    @Test
    void aPartitionIsRevokedBeforeItIsAssignedAgain() {
        SimulatedConsumer first = member("first");
        SimulatedConsumer second = member("second");
        first.follow(group);
        second.follow(group);
        group.advance(Targets.QUIET_MS);
        assertThat(second.beat(group).assignment()).isNull();

        ConsumerHeartbeatResult revoking = first.beat(group);
        assertThat(revoking.assignment()).isEqualTo(partitions(0, 1));
        assertThat(second.beat(group).assignment()).isNull();
        assertThat(second.intervalMs).as("a waiting member").isLessThan(ConsumerHeartbeats.MOVING_INTERVAL_MS);
        assertThat(state()).isEqualTo("Reconciling");

        first.reconcile();
        assertThat(first.beat(group).memberEpoch()).isGreaterThan(revoking.memberEpoch());
        assertThat(second.beat(group).assignment()).isEqualTo(partitions(2, 3));
        assertThat(second.intervalMs).isEqualTo(ConsumerHeartbeats.MOVING_INTERVAL_MS);
        assertThat(state()).isEqualTo("Stable");
    }

    @Test
    void membersSendHeartbeatsMoreOftenForAWhileAfterAChange() {
        SimulatedConsumer first = pair().get(0);
        first.follow(group);
        assertThat(first.intervalMs).isEqualTo(ConsumerHeartbeats.MOVING_INTERVAL_MS);

        group.advance(ConsumerHeartbeats.MOVING_MS);
        first.follow(group);

        assertThat(first.intervalMs).isEqualTo(5000);
    }

    @Test
    void theTargetWaitsUntilJoinsGoQuietButNotLongerThanTheInterval() {
        member("first").follow(group);
        for (int i = 0; i < 20; i++) {
            group.advance(Targets.QUIET_MS - 10);
            member("later-" + i).follow(group);
        }

        ConsumerGroupState state = group.members().consumer();
        assertThat(state.targetEpoch()).isBetween(10, state.groupEpoch() - 1);
        group.advance(Targets.QUIET_MS);
        assertThat(state.targetEpoch()).isEqualTo(state.groupEpoch());
    }

    @Test
    void aHeartbeatWhoseAnswerWasLostIsRepeated() {
        List<SimulatedConsumer> pair = pair();
        SimulatedConsumer first = pair.get(0);
        group.<ConsumerHeartbeatResult>tell(reply -> pair.get(1).leave(-1, reply));
        group.advance(1000);
        int before = first.epoch;
        CompletableFuture<ConsumerHeartbeatResult> lost = group.ask(first::heartbeat);
        assertThat(lost.join().memberEpoch()).isGreaterThan(before);
        first.lostReply();

        ConsumerHeartbeatResult repeated = first.beat(group);

        assertThat(repeated.error()).isEqualTo(Errors.NONE);
        assertThat(repeated.assignment()).isEqualTo(partitions(0, 1, 2, 3));
    }

    @Test
    void anotherEpochThanTheKnownOnesIsFenced() {
        SimulatedConsumer first = pair().get(0);

        first.epoch += 1;
        assertThat(first.beat(group).error()).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        first.epoch = 1;
        assertThat(first.beat(group).error()).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
    }

    @Test
    void aMemberWithoutHeartbeatLosesItsPartitions() {
        List<SimulatedConsumer> pair = pair();
        group.advance(SESSION_MS - 1000);
        pair.get(0).follow(group);

        group.advance(2000);
        pair.get(0).follow(group);

        assertThat(pair.get(0).owned).isEqualTo(partitions(0, 1, 2, 3));
        assertThat(pair.get(1).beat(group).error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aMemberThatDoesNotRevokeIsFencedAfterItsRebalanceTimeout() {
        SimulatedConsumer first = member("first");
        first.follow(group);
        member("second").follow(group);
        group.advance(1000);
        first.beat(group);
        group.advance(SimulatedConsumer.REBALANCE_TIMEOUT_MS - 1);
        assertThat(first.beat(group).error()).isEqualTo(Errors.NONE);

        group.advance(1);

        assertThat(first.beat(group).error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aStaticMemberThatReturnsKeepsItsPartitions() {
        SimulatedConsumer old = instance("old", "i");
        old.follow(group);
        assertThat(instance("thief", "i").beat(group).error()).isEqualTo(Errors.UNRELEASED_INSTANCE_ID);

        ConsumerHeartbeatResult left = group.tell(reply -> old.leave(-2, reply));
        assertThat(left.memberEpoch()).isEqualTo(-2);
        int records = group.log().size();
        SimulatedConsumer returned = instance("new", "i");
        returned.follow(group);

        assertThat(returned.owned).isEqualTo(partitions(0, 1, 2, 3));
        assertThat(group.log().subList(records, group.log().size()))
                .as("no rebalance")
                .noneMatch(record -> record instanceof ConsumerGroupRecord.GroupEpoch);
        ConsumerHeartbeatResult late = group.tell(old::heartbeat);
        assertThat(late.error()).isEqualTo(Errors.FENCED_INSTANCE_ID);
    }

    @Test
    void offsetsAreCommittedWithAnOlderEpochWhileThePartitionIsStillOwned() {
        List<SimulatedConsumer> pair = pair();
        int old = pair.get(0).epoch;
        group.<ConsumerHeartbeatResult>tell(reply -> pair.get(1).leave(-1, reply));
        group.advance(1000);
        pair.get(0).follow(group);
        assertThat(pair.get(0).epoch).isGreaterThan(old);

        assertThat(commit("first", old, 0, 3).partitions()).containsExactly(Errors.NONE, Errors.STALE_MEMBER_EPOCH);
        assertThat(commit("first", pair.get(0).epoch, 0, 3).partitions()).containsOnly(Errors.NONE);
        assertThat(commit("first", pair.get(0).epoch + 1, 0).error()).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(commit("nobody", old, 0).error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(commit("", -1, 0).error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aProducerWithAnotherEpochIsToldThatItsGenerationIsIllegal() {
        int epoch = pair().get(0).epoch;

        assertThat(commitInTransaction("first", epoch).partitions()).containsOnly(Errors.NONE);
        assertThat(commitInTransaction("first", 1).error()).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(commitInTransaction("first", epoch + 1).error()).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(commitInTransaction("nobody", epoch).error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(commitInTransaction("", -1).partitions())
                .as("an old producer")
                .containsOnly(Errors.NONE);
    }

    private OffsetCommitResult commitInTransaction(String memberId, int epoch) {
        TopicIdPartition partition = new TopicIdPartition(OneTopic.ID, new TopicPartition("t", 0));
        return group.tell(reply -> new CommitInTransaction(
                memberId,
                null,
                epoch,
                new TransactionalWriter("id", 1, (short) 0, Admission.ADDED),
                List.of(new OffsetToCommit(partition, 1, -1, null)),
                reply));
    }

    private OffsetCommitResult commit(String memberId, int epoch, Integer... numbers) {
        List<OffsetToCommit> offsets = List.of(numbers).stream()
                .map(number -> new OffsetToCommit(
                        new TopicIdPartition(OneTopic.ID, new TopicPartition("t", number)), 1, -1, null))
                .toList();
        return group.tell(reply -> new CommitOffsets(memberId, null, epoch, -1, true, offsets, reply));
    }

    @Test
    void onlyTheCurrentEpochReadsOffsets() {
        SimulatedConsumer first = pair().get(0);

        assertThat(fetch("first", first.epoch)).isEqualTo(Errors.NONE);
        assertThat(fetch("first", first.epoch - 1)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(fetch("nobody", 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(fetch(null, -1)).as("a tool").isEqualTo(Errors.NONE);
    }

    private Errors fetch(@org.jspecify.annotations.Nullable String memberId, int epoch) {
        OffsetFetchResult result = group.tell(reply -> new FetchOffsets(memberId, epoch, null, reply));
        return result.error();
    }

    @Test
    void aRegularExpressionIsResolvedOutsideOfTheGroup() {
        SimulatedConsumer consumer = new SimulatedConsumer("m", null, Set.of());
        consumer.regex = "t.*";
        consumer.follow(group);
        assertThat(consumer.owned).isEqualTo(PartitionsByTopic.NONE);
        assertThat(consumer.intervalMs)
                .as("until the topics are known")
                .isLessThan(ConsumerHeartbeats.MOVING_INTERVAL_MS);

        group.search();
        group.advance(1000);
        consumer.follow(group);
        assertThat(consumer.owned).isEqualTo(partitions(0, 1, 2, 3));

        topics.put(new TopicMetadata("t2", new Uuid(1, 2), 1));
        group.advance(Regexes.MIN_INTERVAL_MS);
        consumer.follow(group);
        group.search();
        group.advance(1000);
        consumer.follow(group);
        assertThat(consumer.owned.topics()).hasSize(2);
    }

    @Test
    void aStoredPatternThatCannotBeSearchedDoesNotHoldUpTheOthers() {
        MemberMetadata stored = new MemberMetadata(null, null, "c", "/h", Set.of(), "t(", 45_000, "uniform", null);
        group.log(new GroupEpoch(GroupDriver.GROUP, new Epoch(1, 0)));
        group.log(new MemberRecord(GroupDriver.GROUP, "of another broker", stored));
        group.restart();
        SimulatedConsumer consumer = new SimulatedConsumer("m", null, Set.of());
        consumer.regex = "t.*";
        consumer.subscribe(Set.of());
        for (int searches = 0; searches < 2; searches++) {
            consumer.follow(group);
            group.search();
            group.advance(1000);
        }
        consumer.follow(group);
        assertThat(group.members().consumer().topicsOf("t.*")).isNotEmpty();
        assertThat(group.members().consumer().topicsOf("t(")).isEmpty();
        assertThat(group.hasSearches()).as("a search that is repeated at once").isFalse();

        topics.put(new TopicMetadata("t2", new Uuid(1, 2), 1));
        group.advance(Regexes.MIN_INTERVAL_MS);
        consumer.follow(group);
        assertThat(group.hasSearches()).as("a search for the new topic").isTrue();
    }

    @Test
    void searchesTakeATenthOfTheTimeHoweverOftenAPatternChanges() {
        SimulatedConsumer consumer = new SimulatedConsumer("m", null, Set.of());
        int searches = 0;
        for (int i = 0; i < 100; i++) {
            consumer.regex = "t" + "x*".repeat(i);
            consumer.subscribe(Set.of());
            consumer.follow(group);
            if (group.hasSearches()) {
                searches++;
                group.search(100);
            } else {
                group.advance(100);
            }
        }
        assertThat(searches).isBetween(9, 11);

        group.advance(100 * Regexes.PAUSE_FACTOR);
        consumer.follow(group);
        group.search();
        group.advance(1000);
        consumer.follow(group);
        assertThat(consumer.owned).as("of the last pattern").isEqualTo(partitions(0, 1, 2, 3));
    }

    @Test
    void anAssignorThatThrowsIsAnErrorForTheMembersOfItsGroup() {
        AtomicBoolean fails = new AtomicBoolean();
        ConsumerGroupSettings limits = GroupDriver.CONSUMERS;
        GroupDriver other = new GroupDriver(
                GroupDriver.SETTINGS,
                new ConsumerGroupSettings(
                        limits.session(),
                        limits.heartbeat(),
                        limits.assignment(),
                        limits.maxSize(),
                        limits.regexRefreshMs(),
                        List.of(breaking(fails)),
                        limits.migration()),
                topics);
        SimulatedConsumer first = member("first");
        first.follow(other);
        member("second").follow(other);

        fails.set(true);
        other.advance(1000);
        ConsumerHeartbeatResult refused = other.tell(first::heartbeat);
        assertThat(refused.error()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        assertThat(refused.message()).contains("made by the test");
        other.advance(1000);
        ConsumerHeartbeatResult join = other.tell(member("third")::heartbeat);
        assertThat(join.error()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        assertThat(other.members().consumer().members()).containsOnlyKeys("first", "second");

        fails.set(false);
        other.advance(1000);
        first.follow(other);
        assertThat(other.members().consumer().target("second").size()).isEqualTo(2);
    }

    /** The uniform assignor, which throws while {@code fails}. */
    private static PartitionAssignor breaking(AtomicBoolean fails) {
        PartitionAssignor uniform = new UniformAssignor();
        return new PartitionAssignor() {
            @Override
            public String name() {
                return uniform.name();
            }

            @Override
            public GroupAssignment assign(GroupSpec group, SubscribedTopicDescriber topics) {
                if (fails.get()) {
                    throw new IllegalStateException("made by the test");
                }
                return uniform.assign(group, topics);
            }
        };
    }

    @Test
    void aWrongRegularExpressionIsRefusedAndLeavesNothingBehind() {
        SimulatedConsumer consumer = new SimulatedConsumer("m", null, Set.of());
        consumer.regex = "t(";
        ConsumerHeartbeatResult refused = group.tell(consumer::heartbeat);
        assertThat(refused.error()).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        assertThat(refused.message()).contains("t(");

        consumer.regex = "t".repeat(Regexes.MAX_LENGTH + 1);
        refused = group.tell(consumer::heartbeat);
        assertThat(refused.error()).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        consumer.regex = "(((t{1000}){1000}){1000})";
        refused = group.tell(consumer::heartbeat);
        assertThat(refused.error()).as("it would expand to a billion").isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        assertThat(group.log()).isEmpty();
        assertThat(group.group().isVacant()).isTrue();
    }

    @Test
    void aNewMemberIsRefusedWhenGroupsTakeAllTheHeapThatTheyMay() {
        GroupSettings full =
                new GroupSettings(0, 6000, 60_000, 100, 100, 60_000, new HeapShare(0, () -> 0, refused -> {}));
        GroupDriver crowded = new GroupDriver(full, GroupDriver.CONSUMERS, topics);

        ConsumerHeartbeatResult refused = crowded.tell(member("new")::heartbeat);

        assertThat(refused.error()).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        assertThat(crowded.log()).isEmpty();
    }

    @Test
    void anEmptyGroupIsDeletedWithAllItsRecords() {
        SimulatedConsumer only = member("only");
        only.follow(group);
        assertThat(delete()).isEqualTo(Errors.NON_EMPTY_GROUP);
        commit("only", only.epoch, 0);
        group.<ConsumerHeartbeatResult>tell(reply -> only.leave(-1, reply));

        assertThat(delete()).isEqualTo(Errors.NONE);

        assertThat(group.group().isVacant()).isTrue();
        assertThat(group.replayed().isVacant()).isTrue();
    }

    @Test
    void theNextMemberOfAnEmptyGroupGetsItsPartitionsAtOnce() {
        List<SimulatedConsumer> pair = pair();
        pair.forEach(each -> group.<ConsumerHeartbeatResult>tell(reply -> each.leave(-1, reply)));
        assertThat(state()).isEqualTo("Empty");

        assertThat(member("next").beat(group).assignment()).isEqualTo(partitions(0, 1, 2, 3));
    }

    private Errors delete() {
        return group.tell(Delete::new);
    }

    @Test
    void theOthersTakeThePartitionsWithinTheSessionTimeoutAfterALoad() {
        SimulatedConsumer stays = pair().get(0);
        group.restart();
        for (int beats = 0; beats < 7; beats++) {
            group.advance(5000);
            stays.follow(group);
        }

        assertThat(stays.owned).isEqualTo(partitions(0, 1, 2, 3));
    }

    @Test
    void aMemberHasMostOfItsSessionToReturnAfterALoadAndAStaticOneAllOfIt() {
        SimulatedConsumer fixed = new SimulatedConsumer("fixed", "one", Set.of("t"));
        SimulatedConsumer other = member("other");
        fixed.follow(group);
        other.follow(group);
        group.restart();

        group.advance(29_900);
        assertThat(other.beat(group).error()).isEqualTo(Errors.NONE);
        group.advance(15_000);
        assertThat(fixed.beat(group).error()).isEqualTo(Errors.NONE);
        group.advance(29_900);
        assertThat(other.beat(group).error()).isEqualTo(Errors.NONE);
    }

    @Test
    void aRefusedHeartbeatHidesNoChangeOfATopic() {
        List<SimulatedConsumer> pair = pair();
        MemberAssignment known = group.members().consumer().assignment("first");
        group.log(new ConsumerGroupRecord.AssignmentRecord(
                GroupDriver.GROUP, "first", known.next(1, MemberState.UNKNOWN, known.assigned(), known.revoking())));
        group.restart();
        int epoch = group.members().consumer().groupEpoch();
        topics.put(new TopicMetadata("t", OneTopic.ID, 6));
        pair.get(0).epoch = 1;
        assertThat(pair.get(0).beat(group).error()).isEqualTo(Errors.FENCED_MEMBER_EPOCH);

        pair.get(1).beat(group);

        assertThat(group.members().consumer().groupEpoch()).isGreaterThan(epoch);
    }

    @Test
    void offsetsOfAnEmptyGroupRemainWhenAClassicMemberIsRefused() {
        SimulatedConsumer only = member("only");
        only.follow(group);
        commit("only", only.epoch, 0);
        group.<ConsumerHeartbeatResult>tell(reply -> only.leave(-1, reply));

        JoinResult refused =
                group.join(GroupDriver.Joiner.member().withTimeouts(60_000, 1)).join();

        assertThat(refused.error()).isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
        assertThat(state()).isEqualTo("Empty");
        assertThat(delete()).isEqualTo(Errors.NONE);
    }
}
