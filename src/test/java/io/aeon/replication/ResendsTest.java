package io.aeon.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResendsTest {
    private long now = -1000;
    private final Resends resends = new Resends(() -> now);

    @Test
    void areExpectedForAsLongAsClientsWaitForAnAnswer() {
        assertThat(resends.areExpected()).isFalse();

        resends.expect();
        now += Resends.EXPECTED_MS - 1;
        assertThat(resends.areExpected()).isTrue();
        now++;
        assertThat(resends.areExpected()).isFalse();
    }

    @Test
    void areExpectedWhenThisBrokerBeginsToLeadAfterAnother() {
        resends.lead(true);
        assertThat(resends.areExpected()).isTrue();

        now += Resends.EXPECTED_MS;
        resends.lead(true);
        assertThat(resends.areExpected()).as("it leads on").isFalse();

        resends.follow();
        assertThat(resends.areExpected()).isFalse();
        resends.lead(true);
        assertThat(resends.areExpected()).isTrue();
    }

    @Test
    void areNotExpectedAfterALeaderWhoseRecordsAreHere() {
        resends.lead(false);

        assertThat(resends.areExpected()).isFalse();
    }
}
