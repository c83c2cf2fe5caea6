package io.aeon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.FakeMetadata;
import io.aeon.metadata.ImageChange;
import org.junit.jupiter.api.Test;

class UncleanElectionsTest {
    private static final int OTHER = 2;
    private static final int STRANGER = 3;

    private final FakeMetadata cluster = new FakeMetadata();
    private final UncleanElections elections = new UncleanElections();

    @Test
    void onlyALeaderThatWasNotInSyncCounts() {
        cluster.add("orders", 2);
        cluster.replicate("orders", OTHER);
        elections.see(ImageChange.first(cluster.change().change().image()));

        cluster.lead("orders", OTHER, 1);
        see();
        assertThat(elections.count()).isZero();

        cluster.lead("orders", STRANGER, 2);
        see();
        see();
        assertThat(elections.count()).isEqualTo(2);
    }

    @Test
    void aPartitionWithoutALeaderAndANewTopicDoNotCount() {
        cluster.add("orders", 1);
        see();
        cluster.add("more", 1);
        see();

        cluster.lead("orders", -1, 1);
        see();

        assertThat(elections.count()).isZero();
    }

    private void see() {
        elections.see(cluster.change().change());
    }
}
