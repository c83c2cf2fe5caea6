package io.aeon.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.Batches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log on a full disk: nothing acknowledged is lost wherever the disk becomes full, and only writes fail. */
class FullDiskTest {
    private static final LogConfig CONFIG =
            new LogConfig(1000, 1000, 100, 1 << 20, -1, 3000, 60_000, true, Long.MAX_VALUE);
    private static final LogConfig EVERYTHING_EXPIRED =
            new LogConfig(1000, 1000, 100, 1 << 20, 0, -1, 60_000, true, Long.MAX_VALUE);
    private static final int VALUE = 50;
    private static final long PRODUCER_ID = 7;
    private static final int FIRST_TRY_BYTES = 6000;
    private static final int STEP = 71;

    @TempDir
    private Path temp;

    private final FaultyFiles files = new FaultyFiles();
    private final LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(4), files);
    private int logs;
    private long acknowledged;

    @Test
    void theLogOpensOnAFullDiskAndContinuesWhenThereIsSpace() {
        for (int bytes = 0; bytes < FIRST_TRY_BYTES; bytes += STEP) {
            PartitionLog log = fresh();
            files.fullAfter(bytes);
            appendUntilFull(log);
            closeLikeTheActor(log);
            files.fullAfter(0);

            log = open();
            check(log);
            assertFull(log);
            closeLikeTheActor(log);
            goesOn();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void theLogOpensAfterAFullDiskAndAPowerCut(int seed) {
        Random random = new Random(seed);
        for (int bytes = 0; bytes < FIRST_TRY_BYTES; bytes += 10 * STEP) {
            PartitionLog log = fresh();
            files.fullAfter(bytes);
            appendUntilFull(log);
            closeLikeTheActor(log);
            files.crash(random);
            files.fullAfter(0);

            log = open();
            check(log);
            closeLikeTheActor(log);
            goesOn();
        }
    }

    @Test
    void onAFullDiskRetentionDeletionAndReadsWork() {
        PartitionLog log = fresh();
        for (int i = 0; i < 60; i++) {
            append(log);
        }
        files.fullAfter(0);

        assertThatCode(() -> log.checkpoint(0)).doesNotThrowAnyException();
        assertThat(log.start().applyRetention(log.durableOffset())).isPositive();
        check(log);
        long start = log.logStartOffset() + 20;
        log.start().advanceTo(start);
        check(log);
        closeLikeTheActor(log);

        PartitionLog again = open();
        check(again);
        assertThat(again.logStartOffset()).isEqualTo(start);
        closeLikeTheActor(again);
        goesOn();
    }

    @Test
    void expiredSegmentsMakeRoomForTheNextSegment() {
        PartitionLog log = fresh();
        for (int i = 0; i < 60; i++) {
            append(log);
        }
        log.reconfigure(EVERYTHING_EXPIRED);
        files.fullAfter(0);

        log.start().applyRetention(log.durableOffset());
        assertThat(log.sizeInBytes()).isPositive();
        log.start().purgeRemoved();
        log.start().applyRetention(log.durableOffset());
        assertThat(log.sizeInBytes()).isZero();

        closeLikeTheActor(log);
        goesOn();
    }

    @Test
    void aDurableLogIsClosedCleanlyOnAFullDisk() {
        PartitionLog log = fresh();
        append(log);
        append(log);
        files.fullAfter(0);

        assertThatCode(log::close).doesNotThrowAnyException();

        assertThat(files.openFiles()).isZero();
        goesOn();
    }

    @Test
    void anIndexLostOnAFullDiskIsRebuilt() throws Exception {
        PartitionLog log = fresh();
        for (int i = 0; i < 60; i++) {
            append(log);
        }
        log.close();
        for (String name : files.list(directory())) {
            if (name.endsWith("index")) {
                files.delete(directory().resolve(name));
            }
        }
        files.fullAfter(0);

        PartitionLog again = open();
        check(again);
        assertThat(again.times().firstAtOrAfter(30, 0, Long.MAX_VALUE)).isPresent();
        closeLikeTheActor(again);
        goesOn();
    }

    private void goesOn() {
        files.fullAfter(Integer.MAX_VALUE);
        PartitionLog log = open();
        check(log);
        append(log);
        check(log);
        log.close();
        assertThat(files.openFiles()).isZero();
    }

    private PartitionLog fresh() {
        files.fullAfter(Integer.MAX_VALUE);
        logs++;
        acknowledged = 0;
        return open();
    }

    private Path directory() {
        return temp.resolve("topic-" + logs);
    }

    private PartitionLog open() {
        return PartitionLog.open(directory(), CONFIG, environment);
    }

    private void appendUntilFull(PartitionLog log) {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        append(log);
                    }
                })
                .isInstanceOf(StorageException.class);
    }

    private void append(PartitionLog log) {
        AppendResult result = log.append(fromProducer(log.logEndOffset()), 0);
        log.flush();
        acknowledged = result.lastOffset() + 1;
    }

    /** A batch of a producer that has sent every record so far, so that the log also has producer files. */
    private static ByteBuffer fromProducer(long offset) {
        SimpleRecord record = new SimpleRecord(offset, new byte[VALUE]);
        ByteBuffer batch = MemoryRecords.withIdempotentRecords(
                        Compression.NONE, PRODUCER_ID, (short) 0, Math.toIntExact(offset), record)
                .buffer();
        return ByteBuffer.allocate(batch.remaining()).put(batch).flip();
    }

    private static void assertFull(PartitionLog log) {
        assertThatThrownBy(() -> log.append(Batches.batch(1, VALUE, 1), 0)).isInstanceOf(StorageException.class);
    }

    private static void closeLikeTheActor(PartitionLog log) {
        try {
            log.close();
        } catch (StorageException harmless) {
            return;
        }
    }

    private void check(PartitionLog log) {
        assertThat(log.logEndOffset()).isGreaterThanOrEqualTo(acknowledged);
        for (long offset = log.logStartOffset(); offset < acknowledged; offset++) {
            assertThat(Batches.batches(log.read(offset, 1, true, Long.MAX_VALUE))
                            .get(0)
                            .baseOffset())
                    .isEqualTo(offset);
        }
    }
}
