package io.aeon.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.AwaitReplicas;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.Partitions.Condition;
import io.aeon.broker.partition.Role;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.LogSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class PartitionRegistryTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final List<TopicPartition> started = new ArrayList<>();
    private final PartitionRegistry registry = new PartitionRegistry(started::add);
    private final TestInbox<PartitionCommand> actor = TestInbox.create();

    @Test
    void asksOnceForAPartitionThatDoesNotRun() {
        tell();
        tell();

        assertThat(started).containsExactly(PARTITION);
    }

    @Test
    void deliversCommandsFromBeforeAndAfterTheStartInOrder() {
        Describe first = tell();
        Describe second = tell();
        registry.opened(PARTITION, actor.getRef());
        Describe third = tell();

        assertThat(actor.getAllReceived()).containsExactly(first, second, third);
    }

    @Test
    void whatAnActorHasLeftComesBeforeWhatWaitsForTheNext() {
        registry.opened(PARTITION, actor.getRef());
        assertThat(registry.suspend(PARTITION)).isTrue();
        Describe waiting = tell();
        AwaitReplicas left = new AwaitReplicas(1, new AppendResult(0, 0, 0), new CompletableFuture<>());

        registry.handOver(PARTITION, List.of(left));
        registry.opened(PARTITION, actor.getRef());

        assertThat(actor.getAllReceived()).containsExactly(left, waiting);
    }

    @Test
    void whatAnActorHasLeftFailsIfThereIsNoNext() {
        AwaitReplicas left = new AwaitReplicas(1, new AppendResult(0, 0, 0), new CompletableFuture<>());

        registry.handOver(PARTITION, List.of(left));

        assertThat(left.reply()).isCompletedExceptionally();
    }

    @Test
    void failsCommandsThatWaitForAClosedPartition() {
        Describe waiting = tell();

        registry.closed(PARTITION, new UnknownTopicOrPartitionException("gone"));

        assertThat(waiting.reply()).isCompletedExceptionally();
    }

    @Test
    void asksAgainAfterAPartitionHasStopped() {
        tell();
        registry.opened(PARTITION, actor.getRef());
        registry.closed(PARTITION, new UnknownTopicOrPartitionException("gone"));

        tell();

        assertThat(started).containsExactly(PARTITION, PARTITION);
    }

    @Test
    void aGlanceAtAPartitionThatWasNeverUsedStartsNothing() {
        assertThat(registry.condition(PARTITION)).isEqualTo(Condition.STARTING);
        assertThat(registry.glance(PARTITION)).isEmpty();

        registry.filesKnown();

        assertThat(registry.condition(PARTITION)).isEqualTo(Condition.RESTING);
        assertThat(registry.glance(PARTITION).orElseThrow()).isCompletedWithValue(new Description(0, 0, 0, 0, 0));
        assertThat(started).isEmpty();
    }

    @Test
    void aPartitionWhoseFilesWereNotOpenedIsNotKnown() {
        registry.unread().add(PARTITION);
        registry.filesKnown();

        assertThat(registry.condition(PARTITION)).isEqualTo(Condition.STARTING);
        assertThat(registry.glance(PARTITION)).isEmpty();
    }

    @Test
    void aGlanceDoesNotWaitForAStart() {
        Describe waiting = tell();

        assertThat(registry.condition(PARTITION)).isEqualTo(Condition.STARTING);
        assertThat(registry.glance(PARTITION)).isEmpty();
        registry.opened(PARTITION, actor.getRef());
        assertThat(actor.getAllReceived()).containsExactly(waiting);
    }

    @Test
    void anOpenPartitionIsAsked() {
        registry.opened(PARTITION, actor.getRef());

        var glance = registry.glance(PARTITION).orElseThrow();

        assertThat(registry.condition(PARTITION)).isEqualTo(Condition.OPEN);
        assertThat(glance).isNotDone();
        assertThat(actor.getAllReceived()).containsExactly(new Describe(glance));
    }

    @Test
    void aPartitionAtRestTellsWhatItHadAndGoesOnResting() {
        LogSummary log = new LogSummary(3, 7, 0, 0, 500, 0, 500, Long.MAX_VALUE, 7);
        Configure configured = new Configure(LogConfig.DEFAULT, Role.Lead.alone(0));
        registry.rest(PARTITION, new RestingPartition(Uuid.ZERO_UUID, configured, log), List.of());

        assertThat(registry.glance(PARTITION).orElseThrow()).isCompletedWithValue(new Description(500, 3, 7, 7, 0));
        assertThat(registry.condition(PARTITION)).isEqualTo(Condition.RESTING);
        assertThat(started).isEmpty();
    }

    @Test
    void anOfflinePartitionIsOffline() {
        registry.filesKnown();
        registry.offline(PARTITION, true);

        assertThat(registry.condition(PARTITION)).isEqualTo(Condition.OFFLINE);
        assertThat(registry.glance(PARTITION)).isEmpty();
    }

    private Describe tell() {
        Describe command = new Describe(new CompletableFuture<>());
        registry.tell(PARTITION, command);
        return command;
    }
}
