package io.aeon.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.storage.batch.TransactionalBatches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.ManualClock;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.ActiveProducer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that crashes while retention removes all records, alone or by a power cut: the log still knows its
 * producers, and the transactions that have ended stay ended.
 */
class RetentionCrashTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final long WRITTEN = NOW - 100_000;
    /** About three batches per segment. */
    private static final LogConfig CONFIG =
            new LogConfig(400, Long.MAX_VALUE, 100, 1 << 20, 1000, -1, 0, true, Long.MAX_VALUE);

    @TempDir
    private Path temp;

    private FaultyFiles files = new FaultyFiles();
    private int runs;

    @Test
    void theProcessCrashes() {
        crashAnywhere(operations -> {});
    }

    @Test
    void powerIsCut() {
        crashAnywhere(seed -> files.crash(new Random(seed)));
    }

    private void crashAnywhere(IntConsumer crash) {
        boolean died = true;
        for (int operations = 0; died; operations++) {
            files = new FaultyFiles();
            runs++;
            PartitionLog log = filled();
            long end = log.logEndOffset();
            List<ActiveProducer> producers = producers(log);
            died = diesAfter(operations, log);
            crash.accept(operations);
            String when = "dead after " + operations;
            try (PartitionLog again = open()) {
                assertThat(again.recovery().damage()).as(when).isEmpty();
                assertThat(again.logEndOffset()).as(when).isEqualTo(end);
                assertThat(again.lastStableOffset(end)).as(when).isEqualTo(end);
                assertThat(producers(again)).as(when).isEqualTo(producers);
            }
        }
    }

    private boolean diesAfter(int operations, PartitionLog log) {
        files.dieAfter(operations);
        try (log) {
            assertThat(log.start().applyRetention(log.durableOffset())).isPositive();
        } catch (StorageException dead) {
            assertThat(files.isDead()).isTrue();
        }
        boolean died = files.isDead();
        files.dieAfter(Integer.MAX_VALUE);
        return died;
    }

    /** The last checkpoint is in the last segment, and the transaction that was open then has ended. */
    private PartitionLog filled() {
        PartitionLog log = open();
        for (int i = 0; i < 5; i++) {
            log.append(TransactionalBatches.idempotent(9, 0, i, 1, WRITTEN), 0);
            log.flush();
        }
        log.append(TransactionalBatches.transactional(7, 0, 0, 1, WRITTEN), 0);
        log.checkpoint(0);
        log.appendMarker(TransactionalBatches.marker(7, 0, 0, true, WRITTEN), 0, 0);
        log.append(TransactionalBatches.idempotent(9, 0, 5, 1, WRITTEN), 0);
        log.flush();
        return log;
    }

    private static List<ActiveProducer> producers(PartitionLog log) {
        return log.producers().active().stream()
                .sorted(Comparator.comparingLong(ActiveProducer::producerId))
                .toList();
    }

    private PartitionLog open() {
        LogEnvironment environment = new LogEnvironment(new ManualClock(NOW), new MapBudget(10), files);
        return PartitionLog.open(temp.resolve("topic-" + runs), CONFIG, environment);
    }
}
