package io.aeon.coordinator.group.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Clients of the consumer protocol join, leave, crash, return as zombies and lose answers in random order, while topics
 * grow, time passes, the log may fail and the broker may crash.
 */
class ConsumerScheduleTest {
    private static final int SCHEDULES = Integer.getInteger("schedules", 50);
    private static final int STEPS = 300;

    @Test
    void invariantsHoldInEverySchedule() {
        long first = Long.getLong("seed", System.nanoTime());
        int stable = 0;
        for (long seed = first; seed < first + SCHEDULES; seed++) {
            stable += run(seed);
        }
        assertThat(stable).as("schedules that end with members").isGreaterThan(SCHEDULES / 2);
    }

    private static int run(long seed) {
        try {
            ConsumerSimulation simulation = new ConsumerSimulation(new Random(seed));
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
