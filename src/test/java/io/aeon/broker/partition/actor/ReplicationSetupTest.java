package io.aeon.broker.partition.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.FakeMetadata;
import io.aeon.metadata.IsrRequests.Change;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class ReplicationSetupTest {
    private static final long OWN = 7;
    private static final long OF_ANOTHER_PROCESS = 9;

    @Test
    void aBrokerWhoseIdWasTakenDoesNotSpeakForTheOtherProcess() {
        FakeMetadata cluster = new FakeMetadata();
        cluster.registerSelf(OWN);
        cluster.register(FakeMetadata.SELF, OF_ANOTHER_PROCESS);
        ReplicationSetup setup = ReplicationSetup.of(cluster.metadata(), Duration.ofSeconds(30), Runnable::run);

        var unused = setup.isr().apply(new Change(new Uuid(1, 2), 0, 5, 1, Map.of(2, 3L)));

        assertThat(cluster.isrChanges()).singleElement().satisfies(request -> {
            assertThat(request.brokerEpoch()).isEqualTo(OWN);
            assertThat(request.topics().get(0).partitions().get(0).newIsrWithEpochs())
                    .filteredOn(member -> member.brokerId() == FakeMetadata.SELF)
                    .allMatch(self -> self.brokerEpoch() == OWN)
                    .hasSize(1);
        });
    }
}
