package io.aeon.storage.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.Batches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.recovery.Recovery;
import io.aeon.storage.segment.SegmentNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares compaction with a model list of records, with crashes at every step. */
class CompactionTest {
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;

    @TempDir
    private Path temp;

    private FaultyFiles files = new FaultyFiles();

    @RepeatedTest(value = 15, name = "seed {currentRepetition}")
    void keepsTheLatestRecordOfEachKey(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        KeyedLog keyed = log(random);
        for (int step = 0; step < 40; step++) {
            switch (random.nextInt(5)) {
                case 0 -> keyed.clock.advance(random.nextInt(8000));
                case 1 -> {
                    keyed.log.close();
                    keyed.open();
                    assertThat(keyed.log.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
                }
                case 2 -> keyed.compact();
                default -> keyed.append(1 + random.nextInt(20));
            }
            keyed.check();
        }
        keyed.log.close();
        assertThat(files.openFiles()).isZero();
        assertThat(names()).noneMatch(name -> name.endsWith(SegmentNames.SWAP) || name.endsWith(SegmentNames.CLEANED));
    }

    @RepeatedTest(value = 2, name = "seed {currentRepetition}")
    void crashAtAnyStepLosesNothing(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        boolean powerCut = seed % 2 == 0;
        boolean completed = false;
        for (int changes = 0; !completed; changes++) {
            files = new FaultyFiles();
            KeyedLog keyed = new KeyedLog(temp.resolve("topic-" + changes), files, new Random(seed));
            keyed.append(20);
            keyed.compact();
            keyed.append(20);
            List<String> before = keyed.read(0);
            files.dieAfter(changes);
            try (Compaction pass = keyed.pass()) {
                while (pass.prepare()) {
                    pass.swap();
                }
            } catch (StorageException e) {
                assertThat(files.isDead()).isTrue();
            }
            completed = !files.isDead();
            keyed.log = reopened(keyed, powerCut, changes);
            keyed.checkNothingIsLost(before);
            keyed.compact();
            keyed.compactModel();
            keyed.check();
            keyed.log.close();
            assertThat(files.openFiles()).isZero();
        }
    }

    private PartitionLog reopened(KeyedLog keyed, boolean powerCut, int changes) {
        try {
            keyed.log.close();
        } catch (StorageException e) {
            assertThat(files.isDead()).isTrue();
        }
        files.dieAfter(Integer.MAX_VALUE);
        if (powerCut) {
            files.crash(new Random(changes));
        }
        keyed.open();
        return keyed.log;
    }

    @Test
    void damageIsNotCopied() throws IOException {
        KeyedLog keyed = log(new Random(1));
        keyed.append(60);
        keyed.log.close();
        keyed.open();
        Path log = SegmentNames.log(keyed.directory, 0);
        byte[] bytes = Files.readAllBytes(log);
        bytes[BatchHeader.BYTES + 3] ^= 1;
        Files.write(log, bytes, StandardOpenOption.WRITE);

        try (Compaction pass = keyed.pass()) {
            assertThatThrownBy(pass::prepare)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("damaged at 0");
        }

        assertThat(names()).noneMatch(name -> name.endsWith(SegmentNames.CLEANED));
        keyed.log.append(Batches.batch(1, 1, 1), 0);
        keyed.log.close();
    }

    @Test
    void aPassThatIsCancelledOrLosesItsSegmentsEndsWithoutAnError() {
        KeyedLog keyed = log(new Random(2));
        keyed.append(60);
        try (Compaction pass = keyed.pass()) {
            pass.cancel();
            assertThat(pass.prepare()).isFalse();
        }
        try (Compaction pass = keyed.pass()) {
            assertThat(pass.prepare()).isTrue();
            keyed.log.start().advanceTo(keyed.log.logEndOffset() - 1);
            pass.swap();
            assertThat(pass.prepare()).isFalse();
        }
        assertThat(keyed.cleanedTo()).isZero();
        assertThat(names()).noneMatch(name -> name.endsWith(SegmentNames.SWAP));
        keyed.log.close();
    }

    @Test
    void aBatchThatCannotBeReadIsKeptWholeWithTheTombstonesBehindIt() {
        KeyedLog keyed = log(new Random(3));
        keyed.log.append(unreadable(), 0);
        append(keyed, "k", "1");
        append(keyed, "k", null);
        fill(keyed);
        assertThat(compact(keyed)).map(KeptWhole::batches).contains(1);
        assertThat(keyed.read(1).get(0)).startsWith("2 ").endsWith("k=null");

        keyed.clock.advance(2 * KeyedLog.TOMBSTONE_MS);
        fill(keyed);
        Optional<KeptWhole> kept = compact(keyed);

        assertThat(kept).map(KeptWhole::firstOffset).contains(0L);
        assertThat(keyed.read(1).get(0)).startsWith("2 ").endsWith("k=null");
        assertThat(keyed.read(1)).filteredOn(text -> text.contains(" filler=")).hasSizeLessThan(60);
        keyed.log.close();
    }

    /** Claims to be compressed, and is not. */
    private static ByteBuffer unreadable() {
        ByteBuffer batch = Batches.batch(1, 1, 1);
        batch.putShort(ATTRIBUTES, CompressionType.ZSTD.id);
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(ATTRIBUTES));
        return batch.putInt(CRC, (int) crc.getValue());
    }

    private static void fill(KeyedLog keyed) {
        for (int i = 0; i < 60; i++) {
            append(keyed, "filler", "filler ".repeat(10));
        }
        keyed.log.flush();
    }

    private static void append(KeyedLog keyed, String key, String value) {
        byte[] bytes = value == null ? null : value.getBytes(UTF_8);
        keyed.log.append(
                Batches.batch(Compression.NONE, new SimpleRecord(keyed.clock.millis(), key.getBytes(UTF_8), bytes)), 0);
    }

    private static Optional<KeptWhole> compact(KeyedLog keyed) {
        try (Compaction pass = keyed.pass()) {
            while (pass.prepare()) {
                pass.swap();
            }
            return pass.keptWhole();
        }
    }

    private KeyedLog log(Random random) {
        return new KeyedLog(temp.resolve("topic-0"), files, random);
    }

    private List<String> names() {
        try (Stream<Path> entries = Files.list(temp.resolve("topic-0"))) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
