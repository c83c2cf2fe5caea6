package io.aeon.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules of a cluster whose messages are late, lost and reordered, and whose brokers crash and lose what was
 * not forced: no acknowledged or visible record is lost or changes its place, one broker leads in an epoch, all who may
 * lead have all committed records, transactions are whole, and the cluster heals.
 *
 * <p>System properties: {@code schedules}, their number, and {@code seed}, the first one's.
 */
class ReplicationScheduleTest {
    private static final int SCHEDULES = Integer.getInteger("schedules", 3000);
    private static final int MOST_SCHEDULES_TO_A_FAULT = 100_000;
    private static final int STEPS = 400;
    private static final int TRANSCRIPT_LINES = 150;

    @Test
    void noPromiseIsBroken() {
        long first = Long.getLong("seed", System.nanoTime() >>> 10);
        AtomicLong records = new AtomicLong();
        AtomicLong transactions = new AtomicLong();
        LongStream.range(first, first + SCHEDULES).parallel().forEach(seed -> {
            SimulatedCluster cluster = new SimulatedCluster(seed, null, null);
            try {
                records.addAndGet(cluster.run(STEPS));
                transactions.addAndGet(cluster.completeTransactions());
            } catch (RuntimeException e) {
                throw new AssertionError(transcript(seed, null), e);
            }
        });
        assertThat(records.get()).as("committed batches").isGreaterThan(5L * SCHEDULES);
        assertThat(transactions.get()).as("complete transactions").isGreaterThan(SCHEDULES / 3L);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyFaultIsFound(Fault fault) {
        assertThat(LongStream.range(fault.firstSeed(), fault.firstSeed() + MOST_SCHEDULES_TO_A_FAULT)
                        .anyMatch(seed -> isFound(fault, seed)))
                .isTrue();
    }

    private static boolean isFound(Fault fault, long seed) {
        try {
            new SimulatedCluster(seed, fault, null).run(STEPS);
            return false;
        } catch (Violation e) {
            return true;
        }
    }

    /** Runs the schedule again, and returns what happened last. */
    private static String transcript(long seed, @Nullable Fault fault) {
        List<String> lines = new ArrayList<>();
        SimulatedCluster cluster = new SimulatedCluster(seed, fault, lines);
        try {
            cluster.run(STEPS);
        } catch (RuntimeException e) {
            lines.add(e.toString());
        }
        return "seed " + seed + ":\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - TRANSCRIPT_LINES), lines.size()))
                + cluster;
    }
}
