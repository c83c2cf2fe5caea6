package io.aeon.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Random schedules of crashes and of late, lost or repeated messages, with two producers for one transactional id. */
class TransactionScheduleTest {
    private static final int SCHEDULES = 300;
    private static final int STEPS = 600;

    @Test
    void everyTransactionEndsAndIsAllOrNothing() {
        long first = Long.getLong("seed", System.nanoTime());
        int ended = 0;
        for (long seed = first; seed < first + SCHEDULES; seed++) {
            ended += run(seed);
        }
        assertThat(ended).as("transactions whose end was told").isGreaterThan(3 * SCHEDULES);
    }

    private static int run(long seed) {
        try {
            SimulatedTransactions world = new SimulatedTransactions(seed);
            world.run(STEPS);
            return world.ended();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("run(" + seed + "L) fails", e);
        }
    }
}
