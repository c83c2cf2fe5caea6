package io.aeon.api.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.ClusterImage.Eligible;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Seen by broker 2 of three. */
class AvailabilityTest {
    private static final int SELF = 2;
    private static final Uuid FIRST = new Uuid(1, 1);
    private static final Uuid SECOND = new Uuid(1, 2);

    private final Map<Integer, Broker> registered = new HashMap<>();
    private final Set<Integer> reachable = new HashSet<>(Set.of(1, 2, 3));
    private boolean isUnopened;

    AvailabilityTest() {
        for (int id = 1; id <= 3; id++) {
            register(id, false, List.of(FIRST, SECOND));
        }
    }

    private void register(int id, boolean fenced, List<Uuid> online) {
        registered.put(id, new Broker(id, 1, Optional.empty(), Map.of(), fenced, false, online));
    }

    @Test
    void aReplicaThatCannotBeOpenedHereDoesNotTakeTheLeaderAway() {
        isUnopened = true;

        assertThat(ledBy(1)).isEqualTo(new Availability(Errors.NONE, 1, List.of(SELF)));
    }

    @Test
    void aLeaderThatCannotOpenItsLogIsNone() {
        isUnopened = true;

        assertThat(ledBy(SELF)).isEqualTo(new Availability(Errors.LEADER_NOT_AVAILABLE, -1, List.of(SELF)));
    }

    @Test
    void theReplicasOfBrokersOutOfServiceAreOffline() {
        assertThat(ledBy(1)).isEqualTo(new Availability(Errors.NONE, 1, List.of()));

        register(3, true, List.of(FIRST, SECOND));
        assertThat(ledBy(1)).isEqualTo(new Availability(Errors.NONE, 1, List.of(3)));

        registered.remove(3);
        assertThat(ledBy(1)).isEqualTo(new Availability(Errors.NONE, 1, List.of(3)));
        assertThat(ledBy(3)).isEqualTo(new Availability(Errors.LEADER_NOT_AVAILABLE, -1, List.of(3)));
        assertThat(ledBy(-1)).isEqualTo(new Availability(Errors.LEADER_NOT_AVAILABLE, -1, List.of(3)));
    }

    @Test
    void theReplicasInAFailedDirectoryAreOffline() {
        register(1, false, List.of(SECOND));
        register(3, false, List.of());

        assertThat(ledBy(SELF)).isEqualTo(new Availability(Errors.NONE, SELF, List.of(1)));
        assertThat(ledBy(SELF, SECOND, Uuid.ZERO_UUID, Partition.LOST))
                .isEqualTo(new Availability(Errors.NONE, SELF, List.of(3)));
    }

    @Test
    void aLeaderWithoutTheListenerOfTheClientIsNone() {
        reachable.remove(1);

        Availability seen = ledBy(1);

        assertThat(seen).isEqualTo(new Availability(Errors.LISTENER_NOT_FOUND, -1, List.of(1)));
        assertThat(seen.error((short) 6)).isEqualTo(Errors.LISTENER_NOT_FOUND);
        assertThat(seen.error((short) 5)).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
    }

    private Availability ledBy(int leader) {
        return ledBy(leader, FIRST, FIRST, FIRST);
    }

    private Availability ledBy(int leader, Uuid... directories) {
        Partition partition =
                new Partition(0, 1, leader, 1, List.of(1, 2, 3), List.of(1, 2, 3), Eligible.NONE, List.of(directories));
        Partitions here = new Partitions() {
            @Override
            public void tell(TopicPartition to, PartitionCommand command) {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean isOffline(TopicPartition asked) {
                return isUnopened;
            }
        };
        return Availability.of("orders", partition, here, new ReplicaBrokers(SELF, registered, reachable));
    }
}
