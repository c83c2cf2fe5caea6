package io.aeon.metadata.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.metadata.membership.BrokerLifecycle.Heartbeat;
import io.aeon.metadata.membership.BrokerLifecycle.Pace;
import io.aeon.metadata.membership.BrokerLifecycle.Register;
import io.aeon.metadata.membership.BrokerLifecycle.State;
import org.junit.jupiter.api.Test;

class BrokerLifecycleTest {
    private static final Pace PACE = new Pace(100, 300, 2000);
    private static final long EPOCH = 50;

    private final BrokerLifecycle life = new BrokerLifecycle(PACE, false);

    @Test
    void aBrokerRegistersAndIsInServiceOnceTheControllerSaysSo() {
        assertThat(life.next(0)).contains(new Register());
        life.registered(EPOCH, 10);
        assertThat(life.state()).isEqualTo(State.FENCED);
        life.sees(EPOCH, 20);

        assertThat(life.next(20)).contains(new Heartbeat(EPOCH, EPOCH, false, false));
        life.answered(false, false, 30);

        assertThat(life.state()).isEqualTo(State.IN_SERVICE);
        assertThat(life.due()).isEqualTo(2030);
    }

    @Test
    void onlyOneCallIsInProgressAtATime() {
        assertThat(life.next(0)).isPresent();
        assertThat(life.next(1000)).isEmpty();
        assertThat(life.due()).isEqualTo(BrokerLifecycle.NEVER);
    }

    @Test
    void aFailedCallIsRepeatedAfterGrowingPausesUpToALimit() {
        long now = 0;
        for (long wait : new long[] {100, 200, 300, 300}) {
            assertThat(life.next(now)).contains(new Register());
            life.failed(now);
            assertThat(life.due()).isEqualTo(now + wait);
            assertThat(life.next(now + wait - 1)).isEmpty();
            now += wait;
        }
        assertThat(life.next(now)).isPresent();
        life.registered(EPOCH, now);
        life.sees(EPOCH, now);
        assertThat(life.next(now)).isPresent();
        life.failed(now);
        assertThat(life.due()).as("after a success").isEqualTo(now + 100);
    }

    @Test
    void aHeartbeatWithNewsIsDueAtOnce() {
        register();
        life.sees(EPOCH, 0);
        assertThat(life.next(0)).isPresent();
        life.answered(false, false, 10);
        assertThat(life.next(100)).isEmpty();

        life.hasNews(100);

        assertThat(life.next(100)).contains(new Heartbeat(EPOCH, EPOCH, false, false));
    }

    @Test
    void newsDuringAHeartbeatIsToldByTheNextOneAtOnce() {
        serve();
        assertThat(life.next(2000)).isPresent();
        life.hasNews(2005);
        life.answered(false, false, 2010);

        assertThat(life.next(2010)).contains(new Heartbeat(EPOCH, EPOCH, false, false));
        life.answered(false, false, 2020);
        assertThat(life.next(2020)).as("after it is told").isEmpty();
    }

    @Test
    void aFencedBrokerReportsMetadataThatCameDuringAHeartbeatAtOnce() {
        register();
        life.sees(EPOCH, 0);
        assertThat(life.next(0)).isPresent();
        life.sees(EPOCH + 5, 5);
        life.answered(true, false, 10);

        assertThat(life.next(10)).contains(new Heartbeat(EPOCH, EPOCH + 5, false, false));
    }

    @Test
    void aBrokerThatDoesNotSeeItsRegistrationYetSendsNoHeartbeat() {
        register();
        life.sees(EPOCH - 1, 0);

        assertThat(life.next(10_000)).isEmpty();
        assertThat(life.due()).isEqualTo(BrokerLifecycle.NEVER);

        life.sees(EPOCH, 10_000);
        assertThat(life.next(10_000)).isPresent();
    }

    @Test
    void aFencedBrokerReportsNewMetadataAtOnce() {
        register();
        life.sees(EPOCH, 0);
        life.next(0);
        life.answered(true, false, 0);
        assertThat(life.state()).isEqualTo(State.FENCED);
        assertThat(life.next(1)).isEmpty();

        life.sees(EPOCH + 5, 1);

        assertThat(life.next(1)).contains(new Heartbeat(EPOCH, EPOCH + 5, false, false));
    }

    @Test
    void aBrokerThatIsFencedWhileInServiceAsksAtOnceToBeUnfenced() {
        serve();
        assertThat(life.next(2000)).isPresent();

        life.answered(true, false, 2000);

        assertThat(life.state()).isEqualTo(State.FENCED);
        assertThat(life.next(2000)).contains(new Heartbeat(EPOCH, EPOCH, false, false));
    }

    @Test
    void aBrokerThatMayHaveLostRecordsIsFencedBeforeItServes() {
        BrokerLifecycle lost = new BrokerLifecycle(PACE, true);
        lost.next(0);
        lost.registered(EPOCH, 0);
        lost.sees(EPOCH, 0);

        assertThat(lost.next(0)).contains(new Heartbeat(EPOCH, EPOCH, true, false));
        lost.answered(true, false, 0);
        assertThat(lost.next(0)).contains(new Heartbeat(EPOCH, EPOCH, false, false));
        lost.answered(false, false, 0);
        assertThat(lost.state()).isEqualTo(State.IN_SERVICE);
    }

    @Test
    void aControlledShutdownLastsUntilTheControllerAllowsTheBrokerToStop() {
        serve();

        life.leave(100);
        assertThat(life.next(100)).contains(new Heartbeat(EPOCH, EPOCH, false, true));
        life.answered(false, false, 110);
        assertThat(life.state()).isEqualTo(State.LEAVING);
        assertThat(life.next(159)).isEmpty();
        assertThat(life.next(160)).contains(new Heartbeat(EPOCH, EPOCH, false, true));
        life.answered(false, true, 170);

        assertThat(life.state()).isEqualTo(State.GONE);
        assertThat(life.next(1_000_000)).isEmpty();
        assertThat(life.due()).isEqualTo(BrokerLifecycle.NEVER);
    }

    @Test
    void aBrokerThatIsNotRegisteredStopsAtOnce() {
        life.leave(0);

        assertThat(life.state()).isEqualTo(State.GONE);
        assertThat(life.next(0)).isEmpty();
    }

    @Test
    void withoutSessionExpiryNoHeartbeatFollowsTheLastAnswer() {
        BrokerLifecycle local = new BrokerLifecycle(new Pace(1, 1, BrokerLifecycle.NEVER), false);
        local.next(0);
        local.registered(EPOCH, 0);
        local.sees(EPOCH, 0);
        local.next(0);
        local.answered(false, false, 0);

        assertThat(local.due()).isEqualTo(BrokerLifecycle.NEVER);
        assertThat(local.next(Long.MAX_VALUE - 1)).isEmpty();
    }

    private void register() {
        life.next(0);
        life.registered(EPOCH, 0);
    }

    private void serve() {
        register();
        life.sees(EPOCH, 0);
        life.next(0);
        life.answered(false, false, 0);
    }

    @Test
    void aBrokerThatLeavesWaitsForAControllerOnlySoLong() {
        register();
        life.sees(EPOCH, 0);
        life.next(0);
        life.answered(false, false, 0);
        assertThat(life.isUnheard(1_000_000)).as("in service").isFalse();

        life.leave(10_000);
        life.next(10_000);
        assertThat(life.isUnheard(10_000 + BrokerLifecycle.LONGEST_SILENCE_MS - 1))
                .isFalse();
        life.answered(false, false, 11_000);

        assertThat(life.isUnheard(11_000 + BrokerLifecycle.LONGEST_SILENCE_MS - 1))
                .isFalse();
        assertThat(life.isUnheard(11_000 + BrokerLifecycle.LONGEST_SILENCE_MS)).isTrue();
    }
}
