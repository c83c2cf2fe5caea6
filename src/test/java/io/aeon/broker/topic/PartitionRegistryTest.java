package io.aeon.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Describe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
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

    private Describe tell() {
        Describe command = new Describe(new CompletableFuture<>());
        registry.tell(PARTITION, command);
        return command;
    }
}
