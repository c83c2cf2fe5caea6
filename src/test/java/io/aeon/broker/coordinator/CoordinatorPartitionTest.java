package io.aeon.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.coordinator.CoordinatorsCommand.Deliver;
import io.aeon.broker.coordinator.CounterKind.AddToAll;
import io.aeon.broker.coordinator.CounterKind.Command;
import io.aeon.broker.coordinator.CounterKind.DoubleAll;
import io.aeon.broker.coordinator.CounterKind.Raise;
import io.aeon.broker.coordinator.CounterKind.Stored;
import io.aeon.coordinator.Now;
import io.aeon.metadata.ClusterImage.Eligible;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** The commands to all state machines that wait for a replay which may fail for ever: as many as differ. */
class CoordinatorPartitionTest {
    private static final int MANY = 10_000;
    private static final Now NOW = new Now(0, 0);

    private static final Uuid TOPIC = new Uuid(1, 2);

    private final CoordinatorPartition<Command, Stored, String> partition = of(led(0, 1));

    private static CoordinatorPartition<Command, Stored, String> of(Partition role) {
        return new CoordinatorPartition<>(new CounterKind(), TOPIC, role, NOW);
    }

    /** Led by broker 1. */
    private static Partition led(int epoch, Integer... replicas) {
        List<Uuid> directories = Collections.nCopies(replicas.length, Uuid.ZERO_UUID);
        return new Partition(0, 0, 1, epoch, List.of(replicas), List.of(replicas), Eligible.NONE, directories);
    }

    /** What a sole replica writes has no leader epoch, and would be accepted after another broker has led. */
    @Test
    void theStateIsNotKeptWhenASoleReplicaGetsOthersOrRemainsAlone() {
        assertThat(of(led(4, 1)).continues(TOPIC, led(4, 1, 2, 3), 1)).isFalse();
        assertThat(of(led(4, 1, 2, 3)).continues(TOPIC, led(4, 1), 1)).isFalse();
    }

    @Test
    void theStateIsKeptWhileNoOtherBrokerCanHaveLed() {
        assertThat(of(led(4, 1)).continues(TOPIC, led(5, 1), 1)).isTrue();
        assertThat(of(led(4, 1, 2)).continues(TOPIC, led(4, 1, 2, 3), 1)).isTrue();
        assertThat(of(led(4, 1, 2)).continues(TOPIC, led(5, 1, 2), 1)).isFalse();
    }

    @Test
    void commandsToAllWaitForTheReplayOfAPartition() {
        partition.unreadable();

        tellMany();

        assertThat(partition.takeMissed()).containsExactly(new AddToAll(MANY), new DoubleAll());
        assertThat(partition.takeMissed()).isEmpty();
    }

    @Test
    void commandsToAllWaitForTheReplayOfOneBeforeItsRequests() {
        partition.loaded();
        partition.failed("a", true);
        Deliver<Command, Stored, String> request = new Deliver<>("a", new Raise(new CompletableFuture<>()));
        assertThat(partition.holds(request, NOW)).isTrue();

        tellMany();

        assertThat(partition.replayed("a"))
                .containsExactly(new Deliver<>("a", new AddToAll(MANY)), new Deliver<>("a", new DoubleAll()), request);
        assertThat(partition.replayed("a")).isEmpty();
    }

    private void tellMany() {
        for (int i = 0; i < MANY; i++) {
            partition.tellLater(new AddToAll(1));
            partition.tellLater(new DoubleAll());
        }
    }
}
