package io.aeon.storage.recovery;

import static io.aeon.storage.batch.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.storage.batch.Batches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.ManualClock;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that crashes between any two file operations, alone or by a power cut: acknowledged records exist, deleted
 * records stay deleted, no damage is reported, and a second opening changes nothing.
 */
class CrashTest {
    private static final int SIZE = batch(1, 50, 1).remaining();
    private static final long NOW = 1_700_000_000_000L;
    /** Three batches per segment; ten are kept. */
    private static final LogConfig CONFIG =
            new LogConfig(3 * SIZE, Long.MAX_VALUE, SIZE, 1 << 20, -1, 10L * SIZE, 0, true, Long.MAX_VALUE);

    @TempDir
    private Path temp;

    private FaultyFiles files = new FaultyFiles();
    private int runs;
    private long acknowledged;
    private long deleted;

    @Test
    void theProcessCrashes() {
        for (int operations = 0; diesAfter(operations); operations++) {
            check("after " + operations + " operations");
        }
    }

    @Test
    void powerIsCut() {
        for (int operations = 0; diesAfter(operations); operations++) {
            int seed = operations;
            files.crash(new Random(seed));
            check("after " + operations + " operations and a power cut, seed " + seed);
        }
    }

    @Test
    void theProcessCrashesAgainDuringRecovery() {
        for (int operations = 0; diesAfter(operations); operations += 11) {
            files.crash(new Random(operations));
            for (int recovering = 0; recovering < 18; recovering += 3) {
                files.dieAfter(recovering);
                openAndClose();
                files.crash(new Random(recovering));
            }
            check("after " + operations + " operations, and again and again while it recovered");
        }
    }

    /** The life of a log, from an empty directory to a clean close; returns whether it crashed before. */
    private boolean diesAfter(int operations) {
        runs++;
        files = new FaultyFiles();
        acknowledged = 0;
        deleted = 0;
        files.dieAfter(operations);
        try {
            PartitionLog log = open();
            try (log) {
                live(log);
            }
        } catch (StorageException dead) {
            assertThat(files.isDead()).isTrue();
        }
        boolean died = files.isDead();
        files.dieAfter(Integer.MAX_VALUE);
        return died;
    }

    private void live(PartitionLog log) {
        for (int epoch = 0; epoch < 2; epoch++) {
            for (int i = 0; i < 8; i++) {
                log.append(batch(1, 50, NOW + log.logEndOffset()), epoch);
                acknowledged = i % 3 == 0 ? acknowledged : log.flush();
            }
            log.checkpoint(0);
            log.start().advanceTo(3L * epoch + 1L);
            deleted = 3L * epoch + 1L;
            log.start().applyRetention(log.durableOffset());
        }
        log.append(batch(1, 50, NOW + log.logEndOffset()), 2);
        acknowledged = log.flush();
    }

    private void openAndClose() {
        try {
            open().close();
        } catch (StorageException dead) {
            assertThat(files.isDead()).isTrue();
        }
    }

    private void check(String when) {
        long end;
        try (PartitionLog log = open()) {
            assertThat(log.recovery().damage()).as(when).isEmpty();
            assertThat(log.logEndOffset()).as(when).isGreaterThanOrEqualTo(acknowledged);
            assertThat(log.logStartOffset()).as(when).isGreaterThanOrEqualTo(deleted);
            end = log.logEndOffset();
            for (long offset = log.logStartOffset(); offset < end; offset++) {
                var found = Batches.batches(log.read(offset, 1, true, Long.MAX_VALUE))
                        .get(0);
                assertThat(found.baseOffset()).as(when).isEqualTo(offset);
                assertThat(found.maxTimestamp()).as(when).isEqualTo(NOW + offset);
            }
        }
        try (PartitionLog again = open()) {
            assertThat(again.recovery()).as(when).isEqualTo(Recovery.NOTHING_TO_DO);
            assertThat(again.logEndOffset()).as(when).isEqualTo(end);
        }
        assertThat(files.openFiles()).as(when).isZero();
    }

    private PartitionLog open() {
        LogEnvironment environment = new LogEnvironment(new ManualClock(NOW), new MapBudget(10), files);
        return PartitionLog.open(temp.resolve("topic-" + runs), CONFIG, environment);
    }
}
