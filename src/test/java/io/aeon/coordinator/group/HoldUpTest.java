package io.aeon.coordinator.group;

import static io.aeon.coordinator.group.GroupDriver.Joiner.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.GroupDriver.Joiner;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.DescribeConsumerGroup;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.DescribeConsumerGroupResult;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand.DescribeResult;
import io.aeon.coordinator.group.command.HoldUp;
import io.aeon.coordinator.group.command.HoldUp.Awaited;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.consumer.SimulatedConsumer;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.environment.TopicMetadata;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** For whom a group waits, since when, and what the broker's log says of it. */
class HoldUpTest {
    private static final Joiner PATIENT = member().withTimeouts(200_000, 10_000);
    private static final Uuid TOPIC = new Uuid(1, 1);

    private final FakeTopics topics = new FakeTopics(GroupDriver.TOPIC_ID);
    private final GroupDriver group = new GroupDriver(
            new GroupSettings(0, 6000, 1_800_000, Integer.MAX_VALUE, 4096, 60_000), GroupDriver.CONSUMERS, topics);

    private List<HoldUp> classic() {
        DescribeResult result = group.describe();
        return Objects.requireNonNull(result.group()).holdUps();
    }

    private List<HoldUp> consumer() {
        DescribeConsumerGroupResult result = group.tell(DescribeConsumerGroup::new);
        return Objects.requireNonNull(result.group()).holdUps();
    }

    private JoinResult stableAlone() {
        CompletableFuture<JoinResult> join = group.joinNew(PATIENT);
        group.advance(0);
        JoinResult joined = join.join();
        assertThat(group.sync(joined, Map.of()).error()).isEqualTo(Errors.NONE);
        return joined;
    }

    /** Heartbeats keep the session, and nothing else happens for so long. */
    private void pass(JoinResult member, int seconds) {
        for (int i = 0; i < seconds; i++) {
            group.advance(1000);
            group.heartbeat(member);
        }
    }

    @Test
    void aStableGroupWaitsForNobody() {
        JoinResult only = stableAlone();
        pass(only, 300);

        assertThat(classic()).isEmpty();
        assertThat(group.notes()).isEmpty();
    }

    @Test
    void aMemberOfAClassicGroupThatDoesNotRejoinIsNamed() {
        JoinResult lazy = stableAlone();
        CompletableFuture<JoinResult> eager = group.joinNew(PATIENT);
        pass(lazy, 12);

        assertThat(eager).isNotDone();
        assertThat(classic())
                .containsExactly(new HoldUp(lazy.memberId(), "client", "/127.0.0.1", Awaited.REJOIN, 12_000));
        assertThat(group.notes())
                .containsExactly("the rebalance waits: member " + lazy.memberId()
                        + " (client client at /127.0.0.1) has not joined again for 10 s");
    }

    @Test
    void theLineIsRepeatedOnceAMinuteUntilTheRebalanceEnds() {
        JoinResult lazy = stableAlone();
        group.joinNew(PATIENT);
        pass(lazy, 135);
        assertThat(group.notes()).hasSize(3);
        assertThat(group.notes().get(2)).endsWith("has not joined again for 130 s");

        JoinResult again = group.join(PATIENT.withId(lazy.memberId())).join();
        group.sync(again, Map.of());
        pass(again, 5);

        assertThat(classic()).noneMatch(holdUp -> holdUp.memberId().equals(lazy.memberId()));
        assertThat(group.notes()).hasSize(3);
    }

    @Test
    void aLeaderThatSendsNoAssignmentIsNamed() {
        CompletableFuture<JoinResult> leader = group.joinNew(PATIENT);
        group.advance(0);
        pass(leader.join(), 11);

        assertThat(classic()).singleElement().satisfies(holdUp -> {
            assertThat(holdUp.awaited()).isEqualTo(Awaited.ASSIGNMENT);
            assertThat(holdUp.forMs()).isEqualTo(11_000);
        });
        assertThat(group.notes()).singleElement().asString().contains("has not sent the assignment for 10 s");
    }

    @Test
    void aMemberOfTheConsumerProtocolThatNeverRevokesIsNamed() {
        topics.put(new TopicMetadata("t", TOPIC, 4));
        SimulatedConsumer stubborn = new SimulatedConsumer("stubborn", null, Set.of("t"));
        SimulatedConsumer waiting = new SimulatedConsumer("waiting", null, Set.of("t"));
        stubborn.follow(group);
        waiting.follow(group);
        group.advance(1000);
        stubborn.beat(group);
        for (int i = 0; i < 12; i++) {
            group.advance(1000);
            stubborn.beat(group);
            waiting.follow(group);
        }

        assertThat(consumer())
                .containsExactly(new HoldUp("stubborn", "client", "/127.0.0.1", Awaited.REVOCATION, 12_000));
        assertThat(group.notes())
                .singleElement()
                .asString()
                .contains("member stubborn (client client at /127.0.0.1) has not revoked its partitions for 1");

        stubborn.reconcile();
        stubborn.beat(group);
        waiting.follow(group);
        assertThat(consumer()).isEmpty();
    }

    @Test
    void aMemberOfTheConsumerProtocolThatIsSilentAfterAChangeIsNamed() {
        topics.put(new TopicMetadata("t", TOPIC, 4));
        SimulatedConsumer silent = new SimulatedConsumer("silent", null, Set.of("t"));
        SimulatedConsumer waiting = new SimulatedConsumer("waiting", null, Set.of("t"));
        silent.follow(group);
        waiting.follow(group);
        for (int i = 0; i < 11; i++) {
            group.advance(1000);
            waiting.follow(group);
        }

        assertThat(consumer()).singleElement().satisfies(holdUp -> {
            assertThat(holdUp.memberId()).isEqualTo("silent");
            assertThat(holdUp.awaited()).isEqualTo(Awaited.HEARTBEAT);
            assertThat(holdUp.forMs()).isGreaterThan(10_000);
        });
    }

    @Test
    void aStaticMemberThatHasLeftForAWhileIsNamed() {
        topics.put(new TopicMetadata("t", TOPIC, 4));
        SimulatedConsumer fixed = new SimulatedConsumer("fixed", "i", Set.of("t"));
        fixed.follow(group);
        group.<ConsumerHeartbeatResult>tell(reply -> fixed.leave(-2, reply));
        group.advance(15_000);

        assertThat(consumer()).containsExactly(new HoldUp("fixed", "client", "/127.0.0.1", Awaited.RETURN, 15_000));
    }

    @Test
    void afterARestartTheTimeBeginsAgain() {
        topics.put(new TopicMetadata("t", TOPIC, 4));
        SimulatedConsumer stubborn = new SimulatedConsumer("stubborn", null, Set.of("t"));
        stubborn.follow(group);
        new SimulatedConsumer("waiting", null, Set.of("t")).follow(group);
        group.advance(1000);
        stubborn.beat(group);
        group.advance(5000);

        group.restart();
        group.advance(2000);

        assertThat(consumer()).extracting(HoldUp::memberId).contains("stubborn");
        assertThat(consumer()).allMatch(holdUp -> holdUp.forMs() == 2000);
    }
}
