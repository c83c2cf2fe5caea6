package io.aeon.coordinator.group.consumer;

import static io.aeon.coordinator.group.consumer.OneTopic.instance;
import static io.aeon.coordinator.group.consumer.OneTopic.member;
import static io.aeon.coordinator.group.consumer.OneTopic.partitions;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.FakeTopics;
import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand.Delete;
import io.aeon.coordinator.group.environment.TopicMetadata;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * What happens to a group of the consumer protocol while its changes are on their way to the log, and when they fail.
 */
class ConsumerAppendsTest {

    private final FakeTopics topics = OneTopic.create();
    private final GroupDriver group = new GroupDriver(GroupDriver.SETTINGS, GroupDriver.CONSUMERS, topics);

    @Test
    void aFailedAppendChangesNothing() {
        SimulatedConsumer only = member("only");
        only.follow(group);
        group.holdAppends = true;
        CompletableFuture<ConsumerHeartbeatResult> joining = group.ask(member("second")::heartbeat);
        CompletableFuture<ConsumerHeartbeatResult> beating = group.ask(member("third")::heartbeat);
        group.fail(Errors.KAFKA_STORAGE_ERROR);

        assertThat(joining.join().error()).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(beating).as("waits for an append of its own").isNotDone();
        group.settleAll();
        assertThat(beating.join().error()).isEqualTo(Errors.NONE);
        assertThat(group.members().consumer().members()).containsOnlyKeys("only", "third");
        assertThat(GroupDriver.stored(group.replayed())).isEqualTo(GroupDriver.stored(group.group()));
    }

    @Test
    void aStableMemberIsAnsweredWhileAStaticOneLeavesForAWhile() {
        SimulatedConsumer steady = instance("steady", "s");
        SimulatedConsumer other = member("other");
        steady.follow(group);
        other.follow(group);
        group.advance(1000);
        steady.follow(group);
        steady.follow(group);
        other.follow(group);
        other.follow(group);
        group.holdAppends = true;
        CompletableFuture<ConsumerHeartbeatResult> left = group.ask(reply -> steady.leave(-2, reply));

        other.follow(group);

        assertThat(left).isNotDone();
        group.settle();
        assertThat(left.join().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void aJoinThatIsRefusedWhileAnAppendTakesTooLongIsNotCarriedOutLater() {
        group.holdAppends = true;
        CompletableFuture<ConsumerHeartbeatResult> first = group.ask(member("first")::heartbeat);
        CompletableFuture<ConsumerHeartbeatResult> second = group.ask(member("second")::heartbeat);
        assertThat(second).isNotDone();
        second.complete(ConsumerHeartbeatResult.failed(Errors.COORDINATOR_NOT_AVAILABLE, ""));

        group.settleAll();

        assertThat(first.join().error()).isEqualTo(Errors.NONE);
        assertThat(group.members().consumer().members()).containsOnlyKeys("first");
    }

    @Test
    void aGroupIsDeletedAfterTheLeaveThatWaitsBeforeIt() {
        SimulatedConsumer first = member("first");
        SimulatedConsumer second = member("second");
        first.follow(group);
        second.follow(group);
        group.holdAppends = true;
        group.<ConsumerHeartbeatResult>ask(reply -> first.leave(-1, reply));
        group.<ConsumerHeartbeatResult>ask(reply -> second.leave(-1, reply));
        CompletableFuture<Errors> deleted = group.ask(Delete::new);

        group.settleAll();

        assertThat(deleted.join()).isEqualTo(Errors.NONE);
        assertThat(group.group().isVacant()).isTrue();
        assertThat(group.replayed().isVacant()).isTrue();
    }

    @Test
    void aMemberJoinsAfterTheDeletionThatWaitsBeforeIt() {
        SimulatedConsumer only = member("only");
        only.follow(group);
        group.holdAppends = true;
        group.<ConsumerHeartbeatResult>ask(reply -> only.leave(-1, reply));
        CompletableFuture<Errors> deleted = group.ask(Delete::new);
        CompletableFuture<ConsumerHeartbeatResult> joined = group.ask(member("next")::heartbeat);

        group.settleAll();

        assertThat(deleted.join()).isEqualTo(Errors.NONE);
        assertThat(joined.join().assignment()).isEqualTo(partitions(0, 1, 2, 3));
        assertThat(GroupDriver.stored(group.replayed())).isEqualTo(GroupDriver.stored(group.group()));
    }

    @Test
    void waitingJoinsWithLongSubscriptionsAreStoredInSeveralBatches() {
        Set<String> names = IntStream.range(0, 1000).mapToObj(i -> "topic-" + i).collect(Collectors.toSet());
        group.holdAppends = true;
        List<CompletableFuture<ConsumerHeartbeatResult>> joins = IntStream.range(0, 20)
                .mapToObj(i -> new SimulatedConsumer("member-" + i, null, names))
                .map(consumer -> group.<ConsumerHeartbeatResult>ask(consumer::heartbeat))
                .toList();

        group.settle();
        assertThat(group.members().consumer().members()).hasSizeBetween(2, 10);

        group.settleAll();
        assertThat(joins).allMatch(join -> join.join().error() == Errors.NONE);
    }

    @Test
    void topicsOfARegularExpressionAreSearchedAgainAfterAFailedAppend() {
        SimulatedConsumer consumer = new SimulatedConsumer("m", null, Set.of());
        consumer.regex = "t.*";
        group.holdAppends = true;
        group.<ConsumerHeartbeatResult>ask(consumer::heartbeat);
        group.fail(Errors.NOT_ENOUGH_REPLICAS);
        group.search();
        group.holdAppends = false;
        group.advance(ConsumerHeartbeats.SHORTEST_INTERVAL_MS);
        consumer.follow(group);
        group.search();
        group.advance(1000);
        consumer.follow(group);
        assertThat(consumer.owned).isEqualTo(partitions(0, 1, 2, 3));

        topics.put(new TopicMetadata("t2", new Uuid(1, 2), 1));
        group.advance(Regexes.MIN_INTERVAL_MS);
        consumer.follow(group);
        group.holdAppends = true;
        group.search();
        group.fail(Errors.NOT_ENOUGH_REPLICAS);
        group.holdAppends = false;
        group.advance(Regexes.MIN_INTERVAL_MS);
        consumer.follow(group);
        group.search();
        group.advance(1000);
        consumer.follow(group);
        assertThat(consumer.owned.topics()).hasSize(2);
    }
}
