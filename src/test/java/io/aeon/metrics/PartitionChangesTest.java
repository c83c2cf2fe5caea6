package io.aeon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.FakeMetadata;
import io.aeon.metadata.ImageChange;
import org.junit.jupiter.api.Test;

class PartitionChangesTest {
    private static final int OTHER = 2;
    private static final int STRANGER = 3;

    private final FakeMetadata cluster = new FakeMetadata();
    private final PartitionChanges changes = new PartitionChanges(FakeMetadata.SELF);

    @Test
    void onlyALeaderThatWasNotInSyncCounts() {
        cluster.add("orders", 2);
        cluster.replicate("orders", OTHER);
        changes.see(ImageChange.first(cluster.change().change().image()));

        cluster.lead("orders", OTHER, 1);
        see();
        assertThat(changes.uncleanElections()).isZero();

        cluster.lead("orders", STRANGER, 2);
        see();
        see();
        assertThat(changes.uncleanElections()).isEqualTo(2);
    }

    @Test
    void theElectionOfAnEligibleReplicaLosesNothing() {
        cluster.add("orders", 1);
        cluster.replicate("orders", OTHER);
        cluster.inSync("orders");
        cluster.lead("orders", -1, 1);
        cluster.makeEligible("orders", OTHER);
        see();

        cluster.lead("orders", OTHER, 2);
        see();

        assertThat(changes.uncleanElections()).isZero();
    }

    @Test
    void aPartitionWithoutALeaderAndANewTopicDoNotCount() {
        cluster.add("orders", 1);
        see();
        cluster.add("more", 1);
        see();

        cluster.lead("orders", -1, 1);
        see();

        assertThat(changes.uncleanElections()).isZero();
    }

    @Test
    void changesOfTheIsrCountForTheBrokerThatLeads() {
        cluster.add("led", 1);
        cluster.replicate("led", OTHER);
        cluster.add("followed", 1);
        cluster.replicate("followed", OTHER);
        cluster.lead("followed", OTHER, 1);
        see();

        cluster.inSync("led", FakeMetadata.SELF);
        cluster.inSync("followed", OTHER);
        see();
        assertThat(changes.isrShrinks()).isOne();
        assertThat(changes.isrExpands()).isZero();

        cluster.inSync("led", FakeMetadata.SELF, OTHER);
        cluster.inSync("followed", FakeMetadata.SELF, OTHER);
        see();
        assertThat(changes.isrShrinks()).isOne();
        assertThat(changes.isrExpands()).isOne();
    }

    @Test
    void anElectionIsNoChangeOfTheIsr() {
        cluster.add("orders", 1);
        cluster.replicate("orders", OTHER);
        see();

        cluster.lead("orders", OTHER, 1);
        cluster.inSync("orders", OTHER);
        see();

        assertThat(changes.isrShrinks()).isZero();
    }

    private void see() {
        changes.see(cluster.change().change());
    }
}
