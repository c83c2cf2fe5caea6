package io.aeon.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.Batches;
import io.aeon.storage.batch.TransactionalBatches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.ManualClock;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.recovery.Recovery;
import io.aeon.storage.segment.EpochEndOffset;
import io.aeon.storage.segment.SegmentNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A truncated log equals a log that never had the removed records: the same records, producers, aborted transactions
 * and leader epochs, immediately and after an opening, also if the process crashes or the power is cut during the
 * truncation.
 */
class LogTruncationTest {
    private static final long NOW = 1_700_000_000_000L;
    /** About five batches per segment. */
    private static final LogConfig CONFIG =
            new LogConfig(700, Long.MAX_VALUE, 100, 1 << 20, -1, -1, 0, true, Long.MAX_VALUE);

    private static final long OPEN_PRODUCER = 8;

    private final MapBudget budget = new MapBudget(10);

    @TempDir
    private Path temp;

    private FaultyFiles files = new FaultyFiles();
    private int runs;
    private final Map<Long, Content> models = new HashMap<>();
    /** The appended batches with their offsets. */
    private final List<ByteBuffer> batches = new ArrayList<>();

    /** The whole observable state of a log. */
    private record Content(
            long end,
            List<Byte> bytes,
            List<?> producers,
            List<?> aborted,
            long stable,
            List<EpochEndOffset> epochs,
            List<Optional<TimestampOffset>> times) {
        static Content of(PartitionLog log) {
            List<Byte> bytes = new ArrayList<>();
            for (long at = log.logStartOffset(); at < log.logEndOffset(); ) {
                byte[] read = Batches.bytes(log.read(at, Integer.MAX_VALUE, true, Long.MAX_VALUE));
                at = BatchHeader.lastOffset(ByteBuffer.wrap(read), lastBatch(read)) + 1;
                for (byte each : read) {
                    bytes.add(each);
                }
            }
            List<EpochEndOffset> epochs = new ArrayList<>();
            for (int epoch = 0; epoch < 8; epoch++) {
                epochs.add(log.endOfEpoch(epoch));
            }
            List<Optional<TimestampOffset>> times = new ArrayList<>();
            for (long time = NOW; time < NOW + 14; time++) {
                times.add(log.times().firstAtOrAfter(time, 0, Long.MAX_VALUE));
            }
            return new Content(
                    log.logEndOffset(),
                    bytes,
                    log.producers().active().stream()
                            .sorted((a, b) -> Long.compare(a.producerId(), b.producerId()))
                            .toList(),
                    log.producers().abortedIn(0, Long.MAX_VALUE),
                    log.lastStableOffset(log.logEndOffset()),
                    epochs,
                    times);
        }

        private static int lastBatch(byte[] read) {
            ByteBuffer buffer = ByteBuffer.wrap(read);
            int at = 0;
            while (at + BatchHeader.sizeInBytes(buffer, at) < read.length) {
                at += (int) BatchHeader.sizeInBytes(buffer, at);
            }
            return at;
        }
    }

    @Test
    void truncatesToEveryOffsetOfTheLastThreeBatches() {
        for (long offset : offsets(3)) {
            try (PartitionLog log = filled()) {
                log.replication().truncateTo(offset);
                assertThat(Content.of(log)).as("truncated to %s", offset).isEqualTo(model(offset));
                goOn(log);
                assertThat(Content.of(log)).as("and grown again").isEqualTo(modelGoneOn(offset));
            }
            try (PartitionLog again = open()) {
                assertThat(again.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
                assertThat(Content.of(again)).as("and opened again").isEqualTo(modelGoneOn(offset));
            }
            assertThat(files.openFiles()).isZero();
        }
    }

    @Test
    void truncatesToEveryOffset() {
        for (long offset : offsets(Integer.MAX_VALUE)) {
            try (PartitionLog log = filled()) {
                log.replication().truncateTo(offset);
                assertThat(Content.of(log)).as("truncated to %s", offset).isEqualTo(model(offset));
            }
            try (PartitionLog again = open()) {
                assertThat(Content.of(again)).as("opened after %s", offset).isEqualTo(model(offset));
            }
        }
    }

    @Test
    void theProcessCrashesAtAnyPoint() {
        for (long offset : List.of(4L, 14L, 26L)) {
            for (int operations = 0;
                    diesAfter(operations, log -> log.replication().truncateTo(offset));
                    operations++) {
                checkOneOfBoth("to " + offset + ", dead after " + operations, offset);
            }
        }
    }

    @Test
    void powerIsCutAtAnyPoint() {
        for (long offset : offsets(3)) {
            for (int operations = 0;
                    diesAfter(operations, log -> log.replication().truncateTo(offset));
                    operations++) {
                int seed = operations;
                files.crash(new Random(seed));
                checkOneOfBoth("to " + offset + ", power cut after " + operations + ", seed " + seed, offset);
            }
        }
    }

    @Test
    void powerIsCutAtAnyPointWhileRecordsAreRead() {
        for (long offset : List.of(4L, 14L, 26L)) {
            for (int operations = 0; diesAfter(operations, log -> truncateWhileRead(log, offset)); operations++) {
                int seed = operations;
                files.crash(new Random(seed));
                checkOneOfBoth("to " + offset + ", power cut after " + operations + ", seed " + seed, offset);
            }
        }
    }

    private static void truncateWhileRead(PartitionLog log, long offset) {
        try (LogSlice lent = log.read(offset, 1, true, Long.MAX_VALUE)) {
            assertThat(lent.size()).isPositive();
            log.replication().truncateTo(offset);
        }
    }

    @Test
    void theProcessCrashesWhileAllRecordsAreRemoved() {
        removeAllAtAnyPoint(operations -> {});
    }

    @Test
    void powerIsCutWhileAllRecordsAreRemoved() {
        removeAllAtAnyPoint(seed -> files.crash(new Random(seed)));
    }

    /** @param crash gets the number of operations after which the process is dead */
    private void removeAllAtAnyPoint(IntConsumer crash) {
        for (long offset : List.of(3L, 1000L)) {
            for (int operations = 0;
                    diesAfter(operations, log -> log.replication().startAnew(offset));
                    operations++) {
                crash.accept(operations);
                String when = "anew at " + offset + ", dead after " + operations;
                try (PartitionLog log = open()) {
                    assertThat(log.recovery().damage()).as(when).isEmpty();
                    long end = log.logEndOffset();
                    assertThat(Content.of(log)).as(when).isIn(model(end), empty(end));
                    log.replication().startAnew(offset);
                    assertThat(Content.of(log)).as(when).isEqualTo(empty(offset));
                }
            }
        }
    }

    @Test
    void lentSlicesStayReadable() {
        for (long offset : offsets(Integer.MAX_VALUE)) {
            try (PartitionLog log = filled()) {
                List<LogSlice> lent = new ArrayList<>();
                for (ByteBuffer batch : batches) {
                    lent.add(log.read(BatchHeader.baseOffset(batch, 0), 1, true, Long.MAX_VALUE));
                }
                log.replication().truncateTo(offset);
                goOn(log);
                for (int i = 0; i < lent.size(); i++) {
                    assertThat(ByteBuffer.wrap(Batches.bytes(lent.get(i)))).isEqualTo(batches.get(i));
                }
                assertThat(Content.of(log)).isEqualTo(modelGoneOn(offset));
            }
            try (PartitionLog again = open()) {
                assertThat(Content.of(again)).isEqualTo(modelGoneOn(offset));
            }
            assertThat(files.openFiles()).isZero();
        }
    }

    @Test
    void slicesThatWereLentBeforeTheLogWasClosedStayReadable() {
        for (long offset : offsets(Integer.MAX_VALUE)) {
            List<LogSlice> lent = new ArrayList<>();
            try (PartitionLog log = filled()) {
                for (ByteBuffer batch : batches) {
                    lent.add(log.read(BatchHeader.baseOffset(batch, 0), 1, true, Long.MAX_VALUE));
                }
            }
            try (PartitionLog again = open()) {
                again.replication().truncateTo(offset);
                goOn(again);
                for (int i = 0; i < lent.size(); i++) {
                    assertThat(ByteBuffer.wrap(Batches.bytes(lent.get(i)))).isEqualTo(batches.get(i));
                }
                assertThat(Content.of(again)).isEqualTo(modelGoneOn(offset));
            }
            assertThat(files.openFiles()).isZero();
        }
    }

    @Test
    void producersAreNotRestoredFromASnapshotOfRemovedRecords() throws IOException {
        for (long offset : offsets(3)) {
            try (PartitionLog log = filled()) {
                log.checkpoint(0);
                log.replication().truncateTo(offset);
                long[] snapshots = SegmentNames.snapshotOffsets(files.list(temp.resolve("topic-" + runs)));
                assertThat(snapshots).as("truncated to %s", offset).isNotEmpty();
                assertThat(snapshots[snapshots.length - 1]).isLessThanOrEqualTo(log.logEndOffset());
            }
        }
    }

    @Test
    void truncationBelowALogStartInsideABatchEmptiesTheLog() {
        try (PartitionLog log = filled()) {
            log.start().advanceTo(4);
            log.replication().truncateTo(3);
            assertThat(log.logStartOffset()).isEqualTo(3);
            assertThat(Content.of(log)).isEqualTo(empty(3));
        }
        try (PartitionLog again = open()) {
            assertThat(again.logStartOffset()).isEqualTo(3);
            assertThat(Content.of(again)).isEqualTo(empty(3));
        }
    }

    @Test
    void truncationAtTheLogEndRemovesOnlyAnEpochWithoutRecords() {
        try (PartitionLog log = filled()) {
            Content before = Content.of(log);
            log.replication().beginEpoch(7);
            assertThat(log.latestEpoch()).isEqualTo(7);
            assertThat(log.endOfEpoch(7)).isEqualTo(new EpochEndOffset(7, log.logEndOffset()));
            log.replication().truncateTo(log.logEndOffset());
            assertThat(Content.of(log)).isEqualTo(before);
        }
    }

    @Test
    void anEpochBeginsAtTheLogEndWithoutRecords() {
        try (PartitionLog log = filled()) {
            long end = log.logEndOffset();
            log.replication().beginEpoch(6);
            log.replication().beginEpoch(7);
            assertThat(log.endOfEpoch(6)).isEqualTo(new EpochEndOffset(5, end));
            log.append(Batches.batch(1, 10, NOW), 7);
            assertThat(log.endOfEpoch(7)).isEqualTo(new EpochEndOffset(7, end + 1));
            assertThatThrownBy(() -> log.replication().beginEpoch(6)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private Content model(long offset) {
        return models.computeIfAbsent(offset, end -> built(end, false));
    }

    private Content modelGoneOn(long offset) {
        return models.computeIfAbsent(-offset - 1, end -> built(offset, true));
    }

    /** A log that never had the removed records. */
    private Content built(long offset, boolean goesOn) {
        LogEnvironment environment = new LogEnvironment(new ManualClock(NOW), new MapBudget(10), new FaultyFiles());
        List<ByteBuffer> given = List.copyOf(batches);
        try (PartitionLog log = PartitionLog.open(temp.resolve("model-" + models.size()), CONFIG, environment)) {
            for (ByteBuffer batch : given) {
                if (BatchHeader.lastOffset(batch, 0) < offset) {
                    log.replication().appendAsFollower(batch);
                }
            }
            if (goesOn) {
                goOn(log);
            }
            return Content.of(log);
        }
    }

    private static Content empty(long offset) {
        List<EpochEndOffset> epochs = new ArrayList<>();
        for (int epoch = 0; epoch < 8; epoch++) {
            epochs.add(new EpochEndOffset(-1, -1));
        }
        return new Content(
                offset, List.of(), List.of(), List.of(), offset, epochs, Collections.nCopies(14, Optional.empty()));
    }

    private static void goOn(PartitionLog log) {
        log.append(Batches.batch(2, 33, NOW + 50), 7);
        log.append(TransactionalBatches.idempotent(11, 0, 0, 2, NOW + 51), 7);
        log.append(Batches.batch(1, 400, NOW + 52), 7);
    }

    private List<Long> offsets(int lastBatches) {
        filled().close();
        TreeSet<Long> offsets = new TreeSet<>();
        for (ByteBuffer batch : batches.subList(Math.max(0, batches.size() - lastBatches), batches.size())) {
            for (long at = BatchHeader.baseOffset(batch, 0); at <= BatchHeader.lastOffset(batch, 0); at++) {
                offsets.add(at);
            }
        }
        return List.copyOf(offsets);
    }

    private boolean diesAfter(int operations, Consumer<PartitionLog> change) {
        PartitionLog log = filled();
        files.dieAfter(operations);
        try (log) {
            change.accept(log);
        } catch (StorageException dead) {
            assertThat(files.isDead()).isTrue();
        }
        boolean died = files.isDead();
        files.dieAfter(Integer.MAX_VALUE);
        return died;
    }

    /** Checks that the log is unchanged, or shorter with all records that had to remain. */
    private void checkOneOfBoth(String when, long offset) {
        long end;
        try (PartitionLog log = open()) {
            assertThat(log.recovery().damage()).as(when).isEmpty();
            end = log.logEndOffset();
            assertThat(end).as(when).isGreaterThanOrEqualTo(model(offset).end());
            assertThat(Content.of(log)).as(when).isEqualTo(model(end));
            log.replication().truncateTo(offset);
            assertThat(Content.of(log)).as(when).isEqualTo(model(offset));
        }
        try (PartitionLog again = open()) {
            assertThat(Content.of(again)).as(when).isEqualTo(model(offset));
        }
        assertThat(files.openFiles()).as(when).isZero();
    }

    /**
     * A log of several segments and epochs, with aborted, committed and open transactions, and checkpoints here and
     * there.
     */
    private PartitionLog filled() {
        files = new FaultyFiles();
        runs++;
        batches.clear();
        PartitionLog log = open();
        append(log, Batches.batch(3, 20, NOW), 0);
        append(log, TransactionalBatches.transactional(7, 0, 0, 2, NOW + 1), 0);
        append(log, TransactionalBatches.idempotent(9, 0, 0, 3, NOW + 2), 2);
        log.flush();
        append(log, TransactionalBatches.marker(7, 0, 0, true, NOW + 3), 2);
        append(log, TransactionalBatches.transactional(7, 0, 2, 3, NOW + 4), 2);
        append(log, TransactionalBatches.idempotent(9, 0, 3, 2, NOW + 5), 3);
        log.checkpoint(0);
        append(log, TransactionalBatches.transactional(OPEN_PRODUCER, 0, 0, 2, NOW + 6), 3);
        append(log, TransactionalBatches.marker(7, 0, 0, true, NOW + 7), 3);
        append(log, Batches.batch(2, 150, NOW + 8), 3);
        log.flush();
        append(log, TransactionalBatches.transactional(7, 0, 5, 2, NOW + 9), 4);
        append(log, TransactionalBatches.marker(7, 0, 0, false, NOW + 10), 4);
        log.flush();
        append(log, TransactionalBatches.transactional(7, 0, 7, 1, NOW + 11), 5);
        append(log, TransactionalBatches.marker(OPEN_PRODUCER, 0, 0, true, NOW + 12), 5);
        append(log, TransactionalBatches.idempotent(9, 0, 5, 3, NOW + 13), 5);
        log.flush();
        return log;
    }

    private void append(PartitionLog log, ByteBuffer batch, int epoch) {
        BatchHeader.assign(batch, 0, log.logEndOffset(), epoch);
        batches.add(batch);
        log.replication().appendAsFollower(batch);
    }

    private PartitionLog open() {
        LogEnvironment environment = new LogEnvironment(new ManualClock(NOW), budget, files);
        return PartitionLog.open(temp.resolve("topic-" + runs), CONFIG, environment);
    }
}
