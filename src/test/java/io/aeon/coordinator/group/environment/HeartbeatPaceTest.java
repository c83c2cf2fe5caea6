package io.aeon.coordinator.group.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.Now;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class HeartbeatPaceTest {
    private static final int CONFIGURED_MS = 5000;

    private final HeartbeatPace pace = HeartbeatPace.byNumberOfMembers();

    /** The interval that the last member is told when so many have sent heartbeats for a while, as they were told. */
    private int settled(int members) {
        PriorityQueue<Long> due = new PriorityQueue<>();
        for (long i = 0; i < members; i++) {
            due.add(i % CONFIGURED_MS);
        }
        int interval = 0;
        while (due.element() < 10 * CONFIGURED_MS) {
            long now = due.remove();
            interval = pace.intervalMs(new Now(now, now), CONFIGURED_MS);
            due.add(now + interval);
        }
        return interval;
    }

    @Test
    void beforeTheMembersAreCountedTheIntervalIsTheConfiguredOne() {
        assertThat(pace.intervalMs(new Now(0, 0), CONFIGURED_MS)).isEqualTo(CONFIGURED_MS);
    }

    @Test
    void fewMembersSendHeartbeatsEverySecond() {
        assertThat(settled(20)).isEqualTo(HeartbeatPace.SHORTEST_MS);
    }

    @Test
    void moreMembersShareAHundredHeartbeatsASecond() {
        assertThat(settled(300)).isBetween(2400, 3600);
    }

    @Test
    void manyMembersSendThemAtTheConfiguredInterval() {
        assertThat(settled(10_000)).isEqualTo(CONFIGURED_MS);
    }

    @Test
    void aShorterConfiguredIntervalCounts() {
        settled(20);

        assertThat(pace.intervalMs(new Now(0, 10L * CONFIGURED_MS), 500)).isEqualTo(500);
    }
}
