package io.aeon.coordinator.group.classic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Clients join, leave, stop sending heartbeats, restart and commit in random order, while the log may fail and the
 * broker may crash.
 */
class RandomScheduleTest {
    private static final int SCHEDULES = Integer.getInteger("schedules", 100);
    private static final int STEPS = 400;

    @Test
    void invariantsHoldInEverySchedule() {
        long first = Long.getLong("seed", System.nanoTime());
        int stable = 0;
        for (long seed = first; seed < first + SCHEDULES; seed++) {
            stable += run(seed);
        }
        assertThat(stable).as("schedules that get anywhere").isGreaterThan(SCHEDULES);
    }

    private static int run(long seed) {
        try {
            Simulation simulation = new Simulation(new Random(seed));
            for (int step = 0; step < STEPS; step++) {
                simulation.step();
            }
            simulation.quiesce();
            return simulation.stableChecks();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("run(" + seed + "L) fails", e);
        }
    }
}
