package io.aeon.coordinator.group.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.DeleteOffsets;
import io.aeon.coordinator.group.command.GroupCommand.ExpireOffsets;
import io.aeon.coordinator.group.command.GroupCommand.Join;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.coordinator.group.command.OffsetDeleteResult;
import io.aeon.coordinator.group.record.Protocol;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A group that becomes classic is a group with members and offsets also while that is on its way to the log. */
class DowngradeInFlightTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final GroupDriver group = new GroupDriver(GroupDriver.SETTINGS, GroupDriver.CONSUMERS, OneTopic.create());
    private final SimulatedConsumer last = OneTopic.member("last");
    private JoinResult classic;

    @BeforeEach
    void theLastMemberOfTheConsumerProtocolLeaves() {
        last.follow(group);
        group.advance(1000);
        classic = group.tell(reply -> new Join(
                "",
                "i",
                "c",
                "/h",
                30_000,
                10_000,
                "consumer",
                List.of(new Protocol("range", GroupDriver.subscription("t"))),
                true,
                true,
                "",
                reply));
        assertThat(classic.error()).isEqualTo(Errors.NONE);
        group.holdAppends = true;
    }

    private CompletableFuture<ConsumerHeartbeatResult> leaves() {
        return group.ask(reply -> last.leave(-1, reply));
    }

    private CompletableFuture<OffsetCommitResult> commit(long offset, long retentionMs) {
        return group.ask(reply -> new CommitOffsets(
                classic.memberId(),
                "i",
                classic.generation(),
                retentionMs,
                false,
                List.of(new OffsetToCommit(new TopicIdPartition(OneTopic.ID, PARTITION), offset, -1, "")),
                reply));
    }

    private long committed() {
        return group.offsets(group.group()).offsets().get(0).offset().offset();
    }

    @Test
    void aMemberThatStaysMayCommit() {
        CompletableFuture<OffsetCommitResult> before = commit(1, -1);
        leaves();
        group.settle();
        assertThat(before.join().error()).isEqualTo(Errors.NONE);

        CompletableFuture<OffsetCommitResult> after = commit(2, -1);
        group.settleAll();

        assertThat(after.join()).isEqualTo(new OffsetCommitResult(Errors.NONE, List.of(Errors.NONE)));
        assertThat(committed()).isEqualTo(2);
    }

    @Test
    void aMemberThatStaysMayCommitIfTheDowngradeFails() {
        leaves();
        CompletableFuture<OffsetCommitResult> commit = commit(1, -1);
        group.fail(Errors.KAFKA_STORAGE_ERROR);
        group.settleAll();

        assertThat(commit.join()).isEqualTo(new OffsetCommitResult(Errors.NONE, List.of(Errors.NONE)));
        assertThat(group.group().listing().orElseThrow().type()).hasToString("consumer");
    }

    @Test
    void offsetsOfASubscribedTopicAreNotDeleted() {
        commit(1, -1);
        group.settleAll();
        leaves();

        OffsetDeleteResult result = group.tell(reply -> new DeleteOffsets(List.of(PARTITION), reply));

        assertThat(result.partitions()).containsExactly(Errors.GROUP_SUBSCRIBED_TO_TOPIC);
    }

    @Test
    void offsetsOfASubscribedTopicDoNotExpire() {
        commit(1, 1);
        group.settleAll();
        group.advance(2);
        leaves();

        group.step(new ExpireOffsets());
        group.settleAll();

        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void theGroupIsListed() {
        leaves();

        assertThat(group.group().listing().orElseThrow().type()).hasToString("classic");
    }
}
