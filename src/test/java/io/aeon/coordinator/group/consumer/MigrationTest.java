package io.aeon.coordinator.group.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.FakeTopics;
import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.command.GroupCommand.Join;
import io.aeon.coordinator.group.command.GroupCommand.Leave;
import io.aeon.coordinator.group.command.GroupCommand.Leaver;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.GroupCommand.Sync;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.LeaveResult;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings.Bounded;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings.MigrationPolicy;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.environment.TopicMetadata;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import io.aeon.coordinator.group.record.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.ConsumerProtocolSubscription.TopicPartitionCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A group with members changes its protocol: from classic to consumer and back (KIP-848). */
class MigrationTest {
    private static final Uuid TOPIC = new Uuid(1, 1);
    private static final PartitionsByTopic ALL = PartitionsByTopic.of(Map.of(TOPIC, List.of(0, 1)));
    private static final PartitionsByTopic FIRST = PartitionsByTopic.of(Map.of(TOPIC, List.of(0)));

    private GroupDriver group = driver(MigrationPolicy.BIDIRECTIONAL);
    private String member = "";
    private int generation;

    private static GroupDriver driver(MigrationPolicy policy) {
        return driver(policy, GroupDriver.CONSUMERS.session());
    }

    private static GroupDriver driver(MigrationPolicy policy, Bounded session) {
        FakeTopics topics = new FakeTopics(null);
        topics.put(new TopicMetadata("t", TOPIC, 2));
        ConsumerGroupSettings limits = GroupDriver.CONSUMERS;
        return new GroupDriver(
                new GroupSettings(0, 6000, 1_800_000, Integer.MAX_VALUE, 4096, 60_000),
                new ConsumerGroupSettings(
                        session,
                        limits.heartbeat(),
                        limits.assignment(),
                        limits.maxSize(),
                        limits.regexRefreshMs(),
                        limits.assignors(),
                        policy),
                topics);
    }

    private static Protocol subscription(Integer... owned) {
        ConsumerProtocolSubscription subscription = new ConsumerProtocolSubscription().setTopics(List.of("t"));
        if (owned.length > 0) {
            TopicPartitionCollection partitions = subscription.ownedPartitions();
            partitions.add(new ConsumerProtocolSubscription.TopicPartition()
                    .setTopic("t")
                    .setPartitions(List.of(owned)));
        }
        ByteBuffer bytes = MessageUtil.toVersionPrefixedByteBuffer((short) 3, subscription);
        return new Protocol("range", bytes(bytes));
    }

    private static Bytes bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return Bytes.of(bytes);
    }

    private CompletableFuture<JoinResult> join(@Nullable String instanceId, Protocol protocol) {
        return group.ask(reply -> new Join(
                member, instanceId, "c", "/h", 30_000, 10_000, "consumer", List.of(protocol), true, true, "", reply));
    }

    /** A classic group with one member that has both partitions. */
    private void classic() {
        member = join(null, subscription()).join().memberId();
        CompletableFuture<JoinResult> joining = join(null, subscription());
        group.advance(1);
        generation = joining.join().generation();
        Bytes assignment = ConsumerProtocol.encode(ALL, subscription(), group.topics());
        SyncResult synced = group.tell(
                reply -> new Sync(member, null, generation, "consumer", "range", Map.of(member, assignment), reply));
        assertThat(synced.error()).isEqualTo(Errors.NONE);
    }

    private Errors beat() {
        return group.tell(reply -> new Heartbeat(member, null, generation, reply));
    }

    private SyncResult sync() {
        return group.tell(reply -> new Sync(member, null, generation, "consumer", "range", Map.of(), reply));
    }

    private String type() {
        return group.group().listing().orElseThrow().type().toString();
    }

    private SimulatedConsumer upgraded() {
        classic();
        SimulatedConsumer consumer = new SimulatedConsumer("new", null, Set.of("t"));
        consumer.follow(group);
        assertThat(type()).isEqualTo("consumer");
        return consumer;
    }

    /** The classic member gives one partition to the one of the consumer protocol. */
    private SimulatedConsumer shared() {
        SimulatedConsumer consumer = upgraded();
        group.advance(1000);
        assertThat(beat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        JoinResult revoking = join(null, subscription(0, 1)).join();
        assertThat(revoking.error()).isEqualTo(Errors.NONE);
        assertThat(revoking.leader()).as("the coordinator assigns").isEmpty();
        generation = revoking.generation();
        assertThat(ConsumerProtocol.assignment(sync().assignment(), group.topics()))
                .contains(FIRST);
        assertThat(beat()).as("it has something to revoke").isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        generation = join(null, subscription(0)).join().generation();
        assertThat(sync().error()).isEqualTo(Errors.NONE);
        assertThat(beat()).isEqualTo(Errors.NONE);
        consumer.follow(group);
        assertThat(consumer.owned).isEqualTo(PartitionsByTopic.of(Map.of(TOPIC, List.of(1))));
        assertThat(group.group().listing().orElseThrow().state()).isEqualTo("Stable");
        return consumer;
    }

    @Test
    void aMemberOfTheConsumerProtocolUpgradesTheGroupAndGetsItsShare() {
        shared();

        assertThat(GroupDriver.stored(group.replayed())).isEqualTo(GroupDriver.stored(group.group()));
    }

    @Test
    void membersWhoseSessionsEndTogetherAllGoAtOnce() {
        group = driver(MigrationPolicy.BIDIRECTIONAL, new Bounded(10_000, 10_000, 10_000));
        classic();
        new SimulatedConsumer("a", null, Set.of("t")).follow(group);
        assertThat(type()).isEqualTo("consumer");

        group.restart();
        group.advance(10_000);

        assertThat(group.group().listing().orElseThrow().state())
                .as("the downgrade gives no further session to a member whose session has ended")
                .isEqualTo("Empty");
    }

    @Test
    void anUpgradeGivesNoFurtherSessionToAMemberThatIsGone() {
        classic();
        group.restart();
        group.advance(3000);
        SimulatedConsumer consumer = new SimulatedConsumer("new", null, Set.of("t"));
        consumer.follow(group);
        assertThat(group.members().consumer().members()).hasSize(2);

        group.advance(4000);
        consumer.follow(group);
        group.advance(1000);
        consumer.follow(group);

        assertThat(consumer.owned).isEqualTo(ALL);
    }

    @Test
    void anUpgradeGivesAWholeSessionToAMemberWhoseRequestWaits() {
        classic();
        String known = member;
        group.advance(9000);
        member = "";
        assertThat(join(null, subscription()).join().error()).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        member = known;
        CompletableFuture<JoinResult> waiting = join(null, subscription(0, 1));
        assertThat(waiting).isNotDone();

        new SimulatedConsumer("new", null, Set.of("t")).follow(group);
        assertThat(waiting.join().error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        group.advance(9000);

        assertThat(group.members().consumer().members()).containsKey(known);
    }

    @Test
    void aDowngradeGivesNoFurtherSessionToAMemberThatIsGone() {
        SimulatedConsumer consumer = shared();
        group.restart();
        group.advance(3000);

        group.<ConsumerHeartbeatResult>tell(reply -> consumer.leave(-1, reply));

        assertThat(type()).isEqualTo("classic");
        group.advance(4000);
        assertThat(group.group().listing().orElseThrow().state()).isEqualTo("Empty");
    }

    @Test
    void theGroupIsClassicAgainWhenTheLastMemberOfTheConsumerProtocolLeaves() {
        SimulatedConsumer consumer = shared();

        group.<ConsumerHeartbeatResult>tell(reply -> consumer.leave(-1, reply));

        assertThat(type()).isEqualTo("classic");
        assertThat(GroupDriver.stored(group.replayed())).isEqualTo(GroupDriver.stored(group.group()));
        assertThat(beat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        JoinResult joined = join(null, subscription(0)).join();
        assertThat(joined.leader()).isEqualTo(member);
        assertThat(joined.generation()).isGreaterThan(generation);
    }

    @Test
    void aGroupThatChangesItsProtocolThereAndBackTakesNoMoreHeap() {
        classic();
        long classic = group.group().heapBytes();
        SimulatedConsumer consumer = new SimulatedConsumer("new", null, Set.of("t"));
        for (int i = 0; i < 3; i++) {
            consumer.rejoin();
            consumer.follow(group);
            assertThat(type()).isEqualTo("consumer");
            group.<ConsumerHeartbeatResult>tell(reply -> consumer.leave(-1, reply));
            assertThat(type()).isEqualTo("classic");
            assertThat(group.group().heapBytes()).isLessThanOrEqualTo(classic);
            assertThat(group.replayed().heapBytes()).isLessThanOrEqualTo(classic);
        }
    }

    @Test
    void theRebalanceAfterADowngradeTakesPlaceAlsoAfterACrash() {
        SimulatedConsumer consumer = shared();
        group.<ConsumerHeartbeatResult>tell(reply -> consumer.leave(-1, reply));

        group.restart();

        assertThat(beat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        JoinResult joined = join(null, subscription(0)).join();
        assertThat(joined.leader()).isEqualTo(member);
        assertThat(joined.members()).hasSize(1);
    }

    @Test
    void theGroupIsClassicAgainWhenTheLastMemberOfTheConsumerProtocolIsFenced() {
        shared();
        for (int second = 0; second < 50 && type().equals("consumer"); second++) {
            group.advance(1000);
            beat();
        }

        assertThat(type()).isEqualTo("classic");
    }

    @Test
    void theLastClassicMemberLeavesAConsumerGroup() {
        SimulatedConsumer consumer = shared();

        group.<LeaveResult>tell(reply -> new Leave(List.of(new Leaver(member, null, "")), reply));
        group.advance(1000);
        consumer.follow(group);

        assertThat(type()).isEqualTo("consumer");
        assertThat(consumer.owned).isEqualTo(ALL);
    }

    @Test
    void aClassicMemberThatDoesNotRejoinIsRemovedAfterItsRebalanceTimeout() {
        SimulatedConsumer consumer = upgraded();
        for (int second = 0; second <= 31; second++) {
            group.advance(1000);
            beat();
            consumer.follow(group);
        }

        assertThat(beat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        group.advance(1000);
        consumer.follow(group);
        assertThat(consumer.owned).isEqualTo(ALL);
    }

    @Test
    void waitingRequestsOfClassicMembersEndWithTheUpgrade() {
        classic();
        CompletableFuture<JoinResult> waiting = joinStatic("i", subscription());
        assertThat(waiting).isNotDone();

        new SimulatedConsumer("new", null, Set.of("t")).follow(group);

        assertThat(waiting.join().error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(group.members().consumer().members()).hasSize(3);
    }

    /** All members support the assignor of the member that joins, one of them not that of the generation. */
    @Test
    void aGroupIsUpgradedWhileItsMembersChooseAnotherAssignor() {
        Protocol range = subscription();
        Protocol sticky = new Protocol("cooperative-sticky", range.metadata());
        CompletableFuture<JoinResult> first = joinStatic("a", range, sticky);
        CompletableFuture<JoinResult> second = joinStatic("b", range, sticky);
        group.advance(6000);
        assertThat(List.of(first.join().protocolName(), second.join().protocolName()))
                .containsOnly("range");
        CompletableFuture<JoinResult> waiting = joinStatic("c", sticky);
        assertThat(waiting).isNotDone();

        ConsumerHeartbeatResult upgrading = group.tell(new SimulatedConsumer("new", null, Set.of("t"))::heartbeat);

        assertThat(upgrading.error()).isEqualTo(Errors.NONE);
        assertThat(waiting.join().error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(type()).isEqualTo("consumer");
        assertThat(group.members().consumer().members()).hasSize(4);
    }

    /** The group's change is on its way to the log, behind an offset. */
    private CompletableFuture<JoinResult> waitingForAnUpgradeAfterACommit() {
        classic();
        CompletableFuture<JoinResult> waiting = joinStatic("i", subscription());
        group.holdAppends = true;
        TopicIdPartition partition = new TopicIdPartition(TOPIC, new TopicPartition("t", 0));
        CompletableFuture<OffsetCommitResult> commit = group.ask(reply -> new CommitOffsets(
                member, null, generation, -1, false, List.of(new OffsetToCommit(partition, 1, -1, "")), reply));
        group.ask(new SimulatedConsumer("new", null, Set.of("t"))::heartbeat);
        group.settle();
        assertThat(commit.join().error()).isEqualTo(Errors.NONE);
        assertThat(waiting).isNotDone();
        return waiting;
    }

    @Test
    void waitingRequestsEndWithTheUpgradeAlsoIfAnOffsetIsStoredMeanwhile() {
        CompletableFuture<JoinResult> waiting = waitingForAnUpgradeAfterACommit();

        group.settleAll();

        assertThat(waiting).isCompletedWithValueMatching(joined -> joined.error() == Errors.REBALANCE_IN_PROGRESS);
        assertThat(type()).isEqualTo("consumer");
    }

    @Test
    void anUpgradeThatFailsLeavesTheGroupAsItWasAlsoIfAnOffsetIsStoredMeanwhile() {
        CompletableFuture<JoinResult> waiting = waitingForAnUpgradeAfterACommit();

        group.fail(Errors.KAFKA_STORAGE_ERROR);
        group.holdAppends = false;

        assertThat(type()).isEqualTo("classic");
        assertThat(beat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(join(null, subscription())).isCompletedWithValueMatching(joined -> joined.error() == Errors.NONE);
        assertThat(waiting).isCompletedWithValueMatching(joined -> joined.error() == Errors.NONE);
    }

    @Test
    void aStaticClassicMemberTakesThePlaceOfTheLastOneOfTheConsumerProtocol() {
        SimulatedConsumer consumer = new SimulatedConsumer("new", "i", Set.of("t"));
        consumer.follow(group);

        JoinResult joined = join("i", subscription()).join();

        assertThat(joined.error()).isEqualTo(Errors.NONE);
        assertThat(type()).isEqualTo("classic");
        member = joined.memberId();
        SyncResult synced =
                group.tell(reply -> new Sync(member, "i", joined.generation(), "consumer", "range", Map.of(), reply));
        assertThat(ConsumerProtocol.assignment(synced.assignment(), group.topics()))
                .contains(ALL);
        assertThat(GroupDriver.stored(group.replayed())).isEqualTo(GroupDriver.stored(group.group()));
    }

    @Test
    void aClassicMemberOfAConsumerGroupKeepsTheBoundsOfSessionTimeouts() {
        new SimulatedConsumer("new", null, Set.of("t")).follow(group);

        JoinResult refused = group.tell(reply ->
                new Join("", "i", "c", "/h", 30_000, 5999, "consumer", List.of(subscription()), true, true, "", reply));

        assertThat(refused.error()).isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
    }

    @Test
    void aFailedAppendLeavesTheClassicGroupAsItWas() {
        classic();
        group.holdAppends = true;
        CompletableFuture<ConsumerHeartbeatResult> joining =
                group.ask(new SimulatedConsumer("new", null, Set.of("t"))::heartbeat);
        CompletableFuture<Errors> beating = group.ask(reply -> new Heartbeat(member, null, generation, reply));
        assertThat(beating).isNotDone();

        group.fail(Errors.KAFKA_STORAGE_ERROR);

        assertThat(joining.join().error()).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(beating.join()).isEqualTo(Errors.NONE);
        assertThat(type()).isEqualTo("classic");
    }

    @ParameterizedTest
    @EnumSource
    void thePolicyDecidesWhichWaysAreOpen(MigrationPolicy policy) {
        group = driver(policy);
        classic();
        SimulatedConsumer consumer = new SimulatedConsumer("new", null, Set.of("t"));
        ConsumerHeartbeatResult upgrading = group.tell(consumer::heartbeat);
        assertThat(upgrading.error()).isEqualTo(policy.upgrades() ? Errors.NONE : Errors.GROUP_ID_NOT_FOUND);

        group = driver(policy);
        consumer.rejoin();
        consumer.follow(group);
        member = "";
        Errors joining = join(null, subscription()).join().error();
        assertThat(joining)
                .isEqualTo(
                        policy == MigrationPolicy.DISABLED
                                ? Errors.INCONSISTENT_GROUP_PROTOCOL
                                : Errors.MEMBER_ID_REQUIRED);
        if (policy != MigrationPolicy.DISABLED) {
            member = "classic";
            join(null, subscription()).join();
            group.<ConsumerHeartbeatResult>tell(reply -> consumer.leave(-1, reply));
            assertThat(type()).isEqualTo(policy.downgrades() ? "classic" : "consumer");
        }
    }

    @Test
    void aGroupWithAnAssignorOfItsOwnIsNotUpgraded() {
        member = join(null, new Protocol("own", Bytes.NONE)).join().memberId();
        join(null, new Protocol("own", Bytes.NONE));
        group.advance(1);

        ConsumerHeartbeatResult refused = group.tell(new SimulatedConsumer("new", null, Set.of("t"))::heartbeat);

        assertThat(refused.error()).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(refused.message()).contains("malformed");
        assertThat(type()).isEqualTo("classic");
    }

    @Test
    void classicMembersOfAGroupThatStaysAConsumerGroupGetThePartitionsOfTheLastOtherAndNewOnes() {
        group = driver(MigrationPolicy.UPGRADE);
        SimulatedConsumer consumer = shared();
        group.<ConsumerHeartbeatResult>tell(reply -> consumer.leave(-1, reply));
        group.advance(1000);

        assertThat(beat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);

        generation = join(null, subscription(0)).join().generation();
        assertThat(ConsumerProtocol.assignment(sync().assignment(), group.topics()))
                .contains(ALL);
        assertThat(beat()).isEqualTo(Errors.NONE);

        group.topics().put(new TopicMetadata("t", TOPIC, 3));
        group.advance(1000);
        assertThat(beat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aGroupThatHasJustBecomeClassicGetsNoTarget() {
        shared();
        for (int i = 0; i < 8; i++) {
            group.advance(5000);
            beat();
        }
        group.advance(4800);
        beat();
        assertThat(joinStatic("a", subscription()).join().error()).isEqualTo(Errors.NONE);
        group.advance(100);
        assertThat(joinStatic("b", subscription()).join().error()).isEqualTo(Errors.NONE);
        assertThat(type()).isEqualTo("consumer");

        group.advance(100);

        assertThat(type()).isEqualTo("classic");
        assertThat(group.members().consumer().isVacant()).isTrue();
    }

    private CompletableFuture<JoinResult> joinStatic(String instanceId, Protocol... protocols) {
        return group.ask(reply -> new Join(
                "", instanceId, "c", "/h", 30_000, 10_000, "consumer", List.of(protocols), true, true, "", reply));
    }
}
