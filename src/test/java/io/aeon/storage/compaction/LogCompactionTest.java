package io.aeon.storage.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.Batches;
import io.aeon.storage.batch.TransactionalBatches;
import io.aeon.storage.file.ForwardingFile;
import io.aeon.storage.file.ForwardingFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.ManualClock;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.producer.AbortedTransaction;
import io.aeon.storage.recovery.RecoveryCheckpoint;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The part of a log that a pass covers, the time of a pass, and the records that readers find afterwards. */
class LogCompactionTest {
    private static final int SEGMENT_BYTES = 1000;
    private static final int ONE_BATCH = 1;
    private static final CompactionConfig ALWAYS = new CompactionConfig(true, 0, 0, Long.MAX_VALUE, 0);
    private static final int CRC = 17;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int PRODUCERS = 3;

    private final ManualClock clock = new ManualClock(1_700_000_000_000L);

    @TempDir
    private Path directory;

    @TempDir
    private Path crashed;

    private LogFiles files = LogFiles.disk();
    /** The next sequence number of each producer. */
    private final int[] sequences = new int[PRODUCERS];

    private LogConfig config = config(SEGMENT_BYTES, ALWAYS);
    private PartitionLog log;

    @AfterEach
    void close() {
        log.close();
    }

    /** A record that a reader gets. */
    private record Found(long offset, String key, String value) {}

    @RepeatedTest(value = 10, name = "seed {currentRepetition}")
    void readCommittedConsumersGetTheSameLatestRecordsAndAbortedRecordsAreRemoved(RepetitionInfo repetition) {
        open();
        appendTransactions(new Random(repetition.getCurrentRepetition()));
        List<Found> before = readCommitted();
        long reach = log.compaction().reach();
        assertThat(reach).isPositive();

        compact();

        List<Found> after = readCommitted();
        assertThat(before).containsAll(after);
        assertThat(latest(after)).isEqualTo(latest(before));
        assertThat(below(reach, read()))
                .containsExactlyInAnyOrderElementsOf(
                        latest(below(reach, before)).values());
        log.close();
        open();
        assertThat(readCommitted()).isEqualTo(after);
    }

    @Test
    void mergedSegmentsLeaveNoFilesOfProducersAndTheirAbortedTransactionsStayKnown() throws IOException {
        open();
        appendTransactions(new Random(1));
        compact();
        appendTransactions(new Random(2));
        int segments = sizes().size();
        List<AbortedTransaction> aborted = log.producers().abortedIn(0, log.logEndOffset());

        try (Compaction pass = pass()) {
            for (int swap = 0; pass.prepare(); swap++) {
                try (PartitionLog again = openCopy(String.valueOf(swap))) {
                    assertThat(again.recovery().damage()).isEmpty();
                }
                assertOnlySegmentsHaveFilesOfProducers(
                        crashed.resolve(String.valueOf(swap)).resolve(directory.getFileName()));
                pass.swap();
                assertThat(log.producers().abortedIn(0, log.logEndOffset())).isEqualTo(aborted);
            }
        }

        assertThat(sizes()).hasSizeLessThan(segments);
        assertOnlySegmentsHaveFilesOfProducers(directory);
        assertThat(RecoveryCheckpoint.read(directory, files).producers().indexes().keySet().stream()
                        .map(LogCompactionTest::name))
                .isSubsetOf(names(directory, ".log"));
        log.close();
        open();
        assertThat(log.producers().abortedIn(0, log.logEndOffset())).isEqualTo(aborted);
    }

    private static void assertOnlySegmentsHaveFilesOfProducers(Path of) {
        RecoveryCheckpoint checkpoint = RecoveryCheckpoint.read(of, LogFiles.disk());
        List<String> segments = names(of, ".log");
        assertThat(segments).containsAll(names(of, ".txnindex"));
        assertThat(names(of, ".snapshot"))
                .filteredOn(name -> !name.equals(name(checkpoint.producers().snapshotOffset())))
                .isSubsetOf(segments);
    }

    private static String name(long offset) {
        return String.format(Locale.ROOT, "%020d", offset);
    }

    /** The names of the files with this suffix, without it. */
    private static List<String> names(Path of, String suffix) {
        return Stream.of(of.toFile().list())
                .filter(name -> name.endsWith(suffix))
                .map(name -> name.substring(0, name.length() - suffix.length()))
                .toList();
    }

    @Test
    void aTruncationInvalidatesAPass() {
        open();
        appendSixty();
        try (Compaction pass = pass()) {
            assertThat(pass.prepare()).isTrue();
            log.replication().truncateTo(30);
            List<Found> kept = read();
            pass.swap();
            assertThat(pass.prepare()).isFalse();
            assertThat(read()).isEqualTo(kept);
        }
        assertThat(log.compaction().need(Long.MAX_VALUE).dueMs()).isNotEqualTo(CompactionNeed.NEVER);
    }

    @Test
    void aCrashAfterATruncationDoesNotBringBackTheRecordsOfAPreparedSegment() throws IOException {
        open();
        appendSixty();
        try (Compaction pass = pass()) {
            assertThat(pass.prepare()).isTrue();
            log.replication().truncateTo(5);
            assertOpensAfterACrash(read());
        }
    }

    @Test
    void aCrashAfterTheLogWasStartedAnewDoesNotBringBackTheRecordsOfAPreparedSegment() throws IOException {
        open();
        appendSixty();
        try (Compaction pass = pass()) {
            assertThat(pass.prepare()).isTrue();
            log.replication().startAnew(5);
            assertOpensAfterACrash(List.of());
        }
    }

    @Test
    void aSegmentIsNotFinishedAfterATruncation() throws IOException {
        files = new TruncatingFiles();
        open();
        appendSixty();
        try (Compaction pass = pass()) {
            assertThat(pass.prepare()).isFalse();
            assertThat(log.logEndOffset()).isEqualTo(5);
            assertOpensAfterACrash(read());
        }
    }

    /** Truncates the log when the file of a prepared segment is forced. */
    private final class TruncatingFiles extends ForwardingFiles {
        TruncatingFiles() {
            super(LogFiles.disk());
        }

        @Override
        public LogFile openForWriting(Path path) throws IOException {
            LogFile opened = super.openForWriting(path);
            return !path.toString().endsWith(".cleaned")
                    ? opened
                    : new ForwardingFile(opened) {
                        @Override
                        public void force() throws IOException {
                            super.force();
                            log.replication().truncateTo(5);
                        }
                    };
        }
    }

    @Test
    void aSegmentWhoseFinalNameIsNotDurableIsRemoved() {
        failAtTheSecondSegment(new FailingFiles("fsync of the directory"));

        assertThat(names(directory, ".swap")).isEmpty();
        assertThatThrownBy(log::close).isInstanceOf(StorageException.class);
    }

    @Test
    void afterAFailedFsyncOfTheDirectoryNoLaterOneIsBelieved() {
        failAtTheSecondSegment(new FailingFiles("fsync of the directory"));

        assertThatThrownBy(this::appendSixty)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("an fsync failed earlier");
    }

    @Test
    void aFinishedSegmentIsRemovedIfItsPassFails() {
        failAtTheSecondSegment(new FailingFiles("close"));

        assertThat(names(directory, ".swap")).isEmpty();
    }

    @Test
    void aSegmentThatAFailedPassCouldNotRemoveDoesNotReplaceWhatTheNextOneMakes() {
        failAtTheSecondSegment(new FailingFiles("close", "deletion"));
        assertThat(names(directory, ".log.swap")).hasSize(1);
        Map<String, Found> latest = latest(read());
        long end = log.logEndOffset();

        log.reconfigure(config(1 << 20, ALWAYS));
        compact();
        assertThat(sizes()).hasSize(2);
        log.close();
        open();

        assertThat(latest.values())
                .allSatisfy(found -> assertThat(readAt(found.offset())).isEqualTo(found));
        assertThat(log.logEndOffset()).isEqualTo(end);
    }

    private Found readAt(long offset) {
        return found(Batches.batches(log.read(offset, 1, true, Long.MAX_VALUE))
                .get(0)
                .iterator()
                .next());
    }

    /** A pass that fails is closed. */
    private void failAtTheSecondSegment(FailingFiles failing) {
        files = failing;
        open();
        appendSixty();
        Compaction pass = pass();
        assertThat(pass.prepare()).isTrue();
        pass.swap();
        assertThatThrownBy(pass::prepare).isInstanceOf(StorageException.class);
    }

    /** Once the second segment of a pass has its final name, the next operation of each given kind fails. */
    private static final class FailingFiles extends ForwardingFiles {
        private final Set<String> failing;
        private int finished;

        FailingFiles(String... failing) {
            super(LogFiles.disk());
            this.failing = new HashSet<>(List.of(failing));
        }

        private void failAt(String operation) throws IOException {
            if (finished == 2 && failing.remove(operation)) {
                throw new IOException("Input/output error, as told: " + operation);
            }
        }

        @Override
        public LogFile openForWriting(Path path) throws IOException {
            LogFile opened = super.openForWriting(path);
            return !path.toString().endsWith(".cleaned")
                    ? opened
                    : new ForwardingFile(opened) {
                        @Override
                        public void close() throws IOException {
                            super.close();
                            failAt("close");
                        }
                    };
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            super.rename(from, to);
            finished += to.toString().endsWith(".swap") ? 1 : 0;
        }

        @Override
        public void forceDirectory(Path path) throws IOException {
            failAt("fsync of the directory");
            super.forceDirectory(path);
        }

        @Override
        public void delete(Path path) throws IOException {
            if (path.toString().endsWith(".log.swap")) {
                failAt("deletion");
            }
            super.delete(path);
        }
    }

    private void appendSixty() {
        for (int i = 0; i < 60; i++) {
            log.append(Batches.batch(Compression.NONE, keyed(i % 3 == 0 ? "key-" + i : "same", "value " + i)), 0);
        }
        log.flush();
    }

    /** Opens a copy of the present files, as a crash leaves them. */
    private PartitionLog openCopy(String parent) throws IOException {
        Path copy = Files.createDirectories(crashed.resolve(parent).resolve(directory.getFileName()));
        for (File file : directory.toFile().listFiles()) {
            Files.copy(file.toPath(), copy.resolve(file.getName()));
        }
        return PartitionLog.open(copy, config, environment(LogFiles.disk()));
    }

    private void assertOpensAfterACrash(List<Found> expected) throws IOException {
        PartitionLog before = log;
        try (PartitionLog again = openCopy("truncated")) {
            log = again;
            assertThat(again.recovery().damage()).isEmpty();
            assertThat(again.logEndOffset()).isEqualTo(5);
            assertThat(read()).isEqualTo(expected);
        } finally {
            log = before;
        }
    }

    private void appendTransactions(Random random) {
        boolean[] isOpen = new boolean[PRODUCERS];
        for (int i = 0; i < 200; i++) {
            int producer = random.nextInt(PRODUCERS);
            if (isOpen[producer] && random.nextInt(3) == 0) {
                end(producer, random.nextBoolean());
                isOpen[producer] = false;
            } else {
                SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(3)];
                for (int r = 0; r < records.length; r++) {
                    records[r] = keyed("key-" + random.nextInt(10), "value " + random.nextInt(1_000_000));
                }
                log.append(TransactionalBatches.transactional(producer, 0, sequences[producer], records), 0);
                sequences[producer] += records.length;
                isOpen[producer] = true;
            }
        }
        for (int producer = 0; producer < PRODUCERS; producer++) {
            if (isOpen[producer]) {
                end(producer, random.nextBoolean());
            }
        }
        log.flush();
    }

    private void end(int producer, boolean aborts) {
        log.appendMarker(TransactionalBatches.marker(producer, 0, 0, aborts, clock.millis()), 0, 1);
    }

    @Test
    void aRecordIsUnchangedForTheMinimumLag() {
        config = config(ONE_BATCH, new CompactionConfig(true, 0, 5000, Long.MAX_VALUE, 0));
        open();
        append("a", "b", "a", "active");

        assertThat(need().isDue()).isFalse();
        assertThat(need().dueMs()).isEqualTo(clock.millis() + 5000);
        compact();
        assertThat(offsets()).containsExactly(0L, 1L, 2L, 3L);

        clock.advance(5000);
        assertThat(need().isDue()).isTrue();
        compact();
        assertThat(offsets()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void afterTheLongestMinimumLagNoPassIsDue() {
        config = config(ONE_BATCH, new CompactionConfig(true, 0, Long.MAX_VALUE, Long.MAX_VALUE, 0));
        open();
        append("a", "a", "active");

        assertThat(need().dueMs()).isEqualTo(CompactionNeed.NEVER);
    }

    @Test
    void theMinimumLagOfALaterSegmentDoesNotDelayEarlierSegments() {
        config = config(ONE_BATCH, new CompactionConfig(true, 0, 5000, Long.MAX_VALUE, 0));
        open();
        append("a", "a");
        clock.advance(5000);
        append("a", "active");

        assertThat(need().isDue()).isTrue();
        compact();

        assertThat(offsets()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void afterTheMaximumLagAPassIsDueAtAnyDirtyRatio() {
        config = config(ONE_BATCH, new CompactionConfig(true, 1, 0, 5000, 0));
        open();
        append("a", "a", "active");

        assertThat(need().isDue()).isFalse();
        assertThat(need().dueMs()).isEqualTo(clock.millis() + 5001);

        clock.advance(5001);
        assertThat(need().isDue()).isTrue();
        compact();
        assertThat(offsets()).containsExactly(1L, 2L);
        assertThat(need().dueMs()).isEqualTo(CompactionNeed.NEVER);
    }

    @Test
    void smallCleanedSegmentsAreMergedUpToTheSizeOfASegment() {
        open();
        for (int pass = 0; pass < 4; pass++) {
            for (int i = 0; i < 100; i++) {
                append(i % 10 == 0 ? "kept " + pass + " " + i : "same");
            }
            compact();
        }

        List<Long> sizes = sizes();
        assertThat(sizes).allMatch(size -> size <= SEGMENT_BYTES);
        long bytes = sizes.stream().mapToLong(size -> size).sum();
        assertThat(bytes).isEqualTo(log.sizeInBytes());
        assertThat(sizes).hasSizeLessThanOrEqualTo((int) (4 * bytes / SEGMENT_BYTES));
        assertThat(keys()).filteredOn(key -> key.startsWith("kept")).hasSize(40);
    }

    @Test
    void offsetsThatDoNotFitIntoOneSegmentStayInTwo() {
        config = config(1 << 20, ALWAYS);
        open();
        for (int i = 0; i < 3; i++) {
            ByteBuffer batch = Batches.batch(Compression.NONE, keyed("key " + i, "value"));
            batch.putInt(LAST_OFFSET_DELTA, 1_600_000_000);
            log.append(batch.putInt(CRC, BatchHeader.computeCrc(batch, 0)), 0);
        }
        log.flush();
        assertThat(sizes()).hasSize(3);

        compact();

        assertThat(sizes()).hasSize(3);
        assertThat(log.read(3_200_000_001L, 1 << 20, true, Long.MAX_VALUE).size())
                .isPositive();
    }

    @Test
    void aCompactedLogLosesItsOldestSegmentsToRetentionBySize() {
        config = new LogConfig(SEGMENT_BYTES, Long.MAX_VALUE, 100, 1 << 20, -1, 2500, 0, true, Long.MAX_VALUE)
                .with(ALWAYS);
        open();
        for (int i = 0; i < 100; i++) {
            append("key " + i % 70);
        }
        compact();
        List<Long> compacted = offsets();

        log.start().applyRetention(log.logEndOffset());

        long start = log.logStartOffset();
        assertThat(start).isPositive();
        assertThat(log.sizeInBytes()).isBetween(2500L, 2500L + SEGMENT_BYTES);
        List<Long> left = compacted.stream().filter(offset -> offset >= start).toList();
        assertThat(offsets()).isEqualTo(left);
        compact();
        assertThat(offsets()).isEqualTo(left);
    }

    @Test
    void aCrashDoesNotBringBackTheExpiredRecordsOfAPreparedSegment() throws IOException {
        config = new LogConfig(SEGMENT_BYTES, Long.MAX_VALUE, 100, 1 << 20, -1, 2500, 0, true, Long.MAX_VALUE)
                .with(ALWAYS);
        open();
        appendSixty();
        PartitionLog before = log;
        try (Compaction pass = pass()) {
            assertThat(pass.prepare()).isTrue();
            assertThat(log.start().applyRetention(log.logEndOffset())).isPositive();
            List<Found> left = read();
            try (PartitionLog again = openCopy("expired")) {
                log = again;
                assertThat(again.logStartOffset()).isEqualTo(before.logStartOffset());
                assertThat(read()).isEqualTo(left);
            }
            log = before;
            pass.swap();
            assertThat(read()).isEqualTo(left);
        }
    }

    private static LogConfig config(int segmentBytes, CompactionConfig compaction) {
        return new LogConfig(segmentBytes, Long.MAX_VALUE, 100, 1 << 20, -1, -1, 0, false, Long.MAX_VALUE)
                .with(compaction);
    }

    private void open() {
        log = PartitionLog.open(directory, config, environment(files));
    }

    private LogEnvironment environment(LogFiles of) {
        return new LogEnvironment(clock, new MapBudget(4), of);
    }

    /** One batch of one record for each key. */
    private void append(String... keys) {
        for (String key : keys) {
            log.append(Batches.batch(Compression.NONE, keyed(key, "value")), 0);
        }
        log.flush();
    }

    private SimpleRecord keyed(String key, String value) {
        return new SimpleRecord(clock.millis(), key.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private CompactionNeed need() {
        return log.compaction().need(log.durableOffset());
    }

    private Compaction pass() {
        return log.compaction().pass(log.durableOffset(), new KafkaContents(), new CompactionMemory(1 << 20, 0.9, 700));
    }

    private void compact() {
        try (Compaction pass = pass()) {
            while (pass.prepare()) {
                pass.swap();
            }
        }
    }

    private List<Long> sizes() {
        return Stream.of(directory.toFile().listFiles())
                .filter(file -> file.getName().endsWith(".log"))
                .map(File::length)
                .toList();
    }

    private List<Long> offsets() {
        return read().stream().map(Found::offset).toList();
    }

    private List<String> keys() {
        return read().stream().map(Found::key).toList();
    }

    private static List<Found> below(long offset, List<Found> records) {
        return records.stream().filter(record -> record.offset() < offset).toList();
    }

    private static Map<String, Found> latest(List<Found> records) {
        Map<String, Found> latest = new LinkedHashMap<>();
        records.forEach(record -> latest.put(record.key(), record));
        return latest;
    }

    /** All records except markers. */
    private List<Found> read() {
        List<Found> all = new ArrayList<>();
        batches().stream()
                .filter(batch -> !batch.isControlBatch())
                .forEach(batch -> batch.forEach(record -> all.add(found(record))));
        return all;
    }

    /** Reads like a consumer with isolation level read_committed: skips aborted transactions up to their markers. */
    private List<Found> readCommitted() {
        List<Found> committed = new ArrayList<>();
        Queue<AbortedTransaction> ahead = new ArrayDeque<>(log.producers().abortedIn(0, log.logEndOffset()).stream()
                .sorted((a, b) -> Long.compare(a.firstOffset(), b.firstOffset()))
                .toList());
        Set<Long> aborting = new HashSet<>();
        for (RecordBatch batch : batches()) {
            while (!ahead.isEmpty() && ahead.element().firstOffset() <= batch.lastOffset()) {
                aborting.add(ahead.remove().producerId());
            }
            if (batch.isControlBatch()) {
                if (ControlRecordType.parse(batch.iterator().next().key()) == ControlRecordType.ABORT) {
                    aborting.remove(batch.producerId());
                }
            } else if (!aborting.contains(batch.producerId())) {
                batch.forEach(record -> committed.add(found(record)));
            }
        }
        return committed;
    }

    private List<RecordBatch> batches() {
        List<RecordBatch> all = new ArrayList<>();
        for (long next = log.logStartOffset(); next < log.logEndOffset(); ) {
            all.addAll(Batches.batches(log.read(next, 1 << 20, true, Long.MAX_VALUE)));
            next = all.get(all.size() - 1).nextOffset();
        }
        return all;
    }

    private static Found found(Record record) {
        return new Found(
                record.offset(),
                UTF_8.decode(record.key()).toString(),
                UTF_8.decode(record.value()).toString());
    }
}
