package io.aeon.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.Batches;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many logs that share a few descriptors. */
class MapBudgetTest {
    private static final int LOGS = 40;
    private static final int LIMIT = 8;

    @TempDir
    private Path temp;

    private final FaultyFiles files = new FaultyFiles();
    private final LogEnvironment environment =
            new LogEnvironment(new ManualClock(1_700_000_000_000L), new MapBudget(LIMIT), files);
    private final List<PartitionLog> logs = new ArrayList<>();

    @BeforeEach
    void open() {
        for (int log = 0; log < LOGS; log++) {
            logs.add(PartitionLog.open(temp.resolve("topic-" + log), LogConfig.DEFAULT, environment));
        }
    }

    @AfterEach
    void close() {
        for (PartitionLog log : logs) {
            try {
                log.close();
            } catch (StorageException failedInTheTest) {
                assertThat(failedInTheTest).hasMessageContaining("fsync");
            }
        }
        assertThat(files.openFiles()).isZero();
    }

    @Test
    void theDescriptorsOfWrittenSegmentsAreLimitedToo() {
        for (int round = 0; round < 3; round++) {
            for (PartitionLog log : logs) {
                log.append(Batches.batch(1, 10, round), 0);
                assertThat(files.openFiles()).isLessThanOrEqualTo(LIMIT + 1);
            }
        }
        for (PartitionLog log : logs) {
            assertThat(Batches.batches(log.read(0, 1 << 20, true, 3))).hasSize(3);
            assertThat(log.flush()).isEqualTo(3);
        }
    }

    @Test
    void lentSlicesDoNotExhaustTheDescriptors() {
        logs.forEach(log -> log.append(Batches.batch(1, 10, 1), 0));

        List<LogSlice> lent =
                logs.stream().map(log -> log.read(0, 1 << 20, true, 1)).toList();

        assertThat(files.openFiles()).isLessThanOrEqualTo(2 * LIMIT);
        lent.forEach(slice -> assertThat(Batches.batches(slice)).hasSize(1));
    }

    @Test
    void aDescriptorWithBytesThatCannotBeForcedStaysOpen() {
        PartitionLog first = logs.get(0);
        first.append(Batches.batch(1, 10, 1), 0);
        files.failForce(true);
        logs.forEach(log -> log.append(Batches.batch(1, 10, 2), 0));
        files.failForce(false);

        assertThatThrownBy(first::flush).isInstanceOf(StorageException.class);
        assertThat(first.durableOffset()).isZero();
    }
}
