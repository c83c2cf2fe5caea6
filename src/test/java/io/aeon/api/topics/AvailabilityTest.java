package io.aeon.api.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.ClusterImage.Eligible;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Seen by broker 2 of three. */
class AvailabilityTest {
    private static final int SELF = 2;
    private static final Set<Integer> ALL = Set.of(1, 2, 3);

    @Test
    void aReplicaThatCannotBeOpenedHereDoesNotTakeTheLeaderAway() {
        assertThat(seen(1, true, ALL)).isEqualTo(new Availability(Errors.NONE, 1, List.of(SELF)));
    }

    @Test
    void aLeaderThatCannotOpenItsLogIsNone() {
        assertThat(seen(SELF, true, ALL)).isEqualTo(new Availability(Errors.LEADER_NOT_AVAILABLE, -1, List.of(SELF)));
    }

    @Test
    void theReplicasOfBrokersOutOfServiceAreOffline() {
        assertThat(seen(1, false, Set.of(1, 2))).isEqualTo(new Availability(Errors.NONE, 1, List.of(3)));
        assertThat(seen(1, false, ALL)).isEqualTo(new Availability(Errors.NONE, 1, List.of()));
    }

    private static Availability seen(int leader, boolean isOffline, Set<Integer> inService) {
        Partition partition = new Partition(
                0,
                1,
                leader,
                1,
                List.of(1, 2, 3),
                List.of(1, 2, 3),
                Eligible.NONE,
                List.of(Uuid.ZERO_UUID, Uuid.ZERO_UUID, Uuid.ZERO_UUID));
        Partitions here = new Partitions() {
            @Override
            public void tell(TopicPartition to, PartitionCommand command) {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean isOffline(TopicPartition asked) {
                return isOffline;
            }
        };
        return Availability.of("orders", partition, here, SELF, inService);
    }
}
