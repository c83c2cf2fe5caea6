package io.aeon.coordinator.group;

import static io.aeon.coordinator.group.GroupDriver.Joiner.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.HeapShare;
import io.aeon.coordinator.TextHeap;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.consumer.SimulatedConsumer;
import io.aeon.coordinator.group.environment.GroupSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class GroupHeapTest {
    private final List<Long> refusals = new ArrayList<>();
    private final HeapShare heap = new HeapShare(1000, () -> 0, refusals::add);
    private final HeapShare.Part rest = heap.part();
    private final GroupDriver group =
            new GroupDriver(new GroupSettings(0, 6000, 1_800_000, Integer.MAX_VALUE, 4096, 60_000, heap));

    @Test
    void noMemberJoinsWhenTheHeapOfGroupsIsTaken() {
        Pair pair = Pair.stable(group);
        rest.is(1000);

        assertThat(group.join(member()).join().error()).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        assertThat(group.heartbeat(pair.follower())).isEqualTo(Errors.NONE);
        assertThat(group.commit(pair.follower(), "t", 5).partitions()).containsExactly(Errors.POLICY_VIOLATION);
        assertThat(refusals).containsExactly(1L);

        rest.is(0);
        assertThat(group.commit(pair.follower(), "t", 5).partitions()).containsExactly(Errors.NONE);
    }

    @Test
    void offsetsThatExistAreCommittedAndMembersRejoinWhenTheHeapIsTaken() {
        Pair pair = Pair.stable(group);
        group.commit(pair.follower(), "t", 5);
        rest.is(1000);

        assertThat(group.commit(pair.follower(), "t", 6).partitions()).containsExactly(Errors.NONE);
        assertThat(group.join(member().withId(pair.follower().memberId()))
                        .join()
                        .error())
                .isEqualTo(Errors.NONE);
    }

    @Test
    void aMemberOfTheConsumerProtocolTakesTheHeapOfItsSubscription() {
        GroupDriver consumers = new GroupDriver(
                new GroupSettings(0, 6000, 1_800_000, Integer.MAX_VALUE, 4096, 60_000, heap),
                GroupDriver.CONSUMERS,
                new FakeTopics(null));
        SimulatedConsumer member = new SimulatedConsumer("member", null, Set.of());
        new SimulatedConsumer("other", null, Set.of()).follow(consumers);
        member.follow(consumers);
        long small = consumers.group().heapBytes();

        member.subscribe(IntStream.range(0, 1000).mapToObj(i -> "topic-" + i).collect(Collectors.toSet()));
        rest.is(1000);
        ConsumerHeartbeatResult refused = consumers.tell(member::heartbeat);
        assertThat(refused.error()).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        rest.is(0);
        member.follow(consumers);
        assertThat(consumers.group().heapBytes()).isGreaterThan(small + 50_000);
        assertThat(consumers.replayed().heapBytes()).isEqualTo(consumers.group().heapBytes());

        rest.is(1000);
        assertThat(member.follow(consumers).error()).isEqualTo(Errors.NONE);
        consumers.<ConsumerHeartbeatResult>tell(reply -> member.leave(-1, reply));
        assertThat(consumers.group().heapBytes()).isLessThan(small);
    }

    /** A client chooses all of them, up to 32,767 characters each. */
    @Test
    void theTextsThatAClientChoosesAreCounted() {
        String text = "x".repeat(30_000);
        long empty = group.group().heapBytes();

        group.join(member().as(text));
        assertThat(group.group().heapBytes()).isGreaterThan(empty + 2 * 30_000);

        GroupDriver offsets = new GroupDriver();
        offsets.commit("", null, -1, text, 5);
        assertThat(offsets.group().heapBytes()).isGreaterThan(empty + 2 * 30_000);

        GroupDriver expected = GroupDriver.withoutInitialDelay();
        expected.join(member());
        long one = expected.group().heapBytes();
        expected.join(member());
        assertThat(expected.group().heapBytes()).isGreaterThan(one);
    }

    @Test
    void aReplayCountsOnlyTheMembersOfTheLastGeneration() {
        Pair pair = Pair.stable(group);
        CompletableFuture<JoinResult> third = group.joinNew(member());
        CompletableFuture<JoinResult> leader =
                group.join(member().withId(pair.leader().memberId()));
        CompletableFuture<JoinResult> follower =
                group.join(member().withId(pair.follower().memberId()));
        group.sync(leader.join(), pair.assignments());
        group.sync(follower.join(), Map.of());
        group.sync(third.join(), Map.of());
        assertThat(group.replayed().heapBytes()).isEqualTo(group.group().heapBytes());

        group.leave(third.join().memberId());
        leader = group.join(member().withId(pair.leader().memberId()));
        follower = group.join(member().withId(pair.follower().memberId()));
        group.sync(leader.join(), pair.assignments());
        group.sync(follower.join(), Map.of());

        assertThat(group.replayed().heapBytes()).isEqualTo(group.group().heapBytes());
    }

    @Test
    void whatAGroupTakesGrowsAndShrinksWithIt() {
        long empty = group.group().heapBytes();
        Pair pair = Pair.stable(group);
        long stable = group.group().heapBytes();
        assertThat(stable).isGreaterThan(empty);

        group.commit(pair.follower(), "t", 5);
        long committed = group.group().heapBytes();
        assertThat(committed).isGreaterThan(stable);
        group.commit(pair.follower(), "t", 6);
        assertThat(group.group().heapBytes()).isEqualTo(committed);
        assertThat(group.replayed().heapBytes()).isEqualTo(committed);

        group.advance(1_800_000);
        long type = TextHeap.of(member().protocolType());
        assertThat(group.group().heapBytes()).isEqualTo(committed - (stable - empty) + type);
    }
}
