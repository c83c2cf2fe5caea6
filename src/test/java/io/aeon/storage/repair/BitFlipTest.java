package io.aeon.storage.repair;

import static io.aeon.storage.batch.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.storage.batch.Batches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.segment.EpochEndOffset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stopped log with one changed byte: a read never returns changed records, and no file is deleted. */
class BitFlipTest {
    private static final int ALL = Integer.MAX_VALUE;
    private static final int BATCHES = 10;
    private static final int SIZE = batch(1, 20, 1).remaining();
    /** Four batches per segment. */
    private static final LogConfig SMALL =
            new LogConfig(4 * SIZE, Long.MAX_VALUE, SIZE, 1 << 20, -1, -1, 60_000, true, Long.MAX_VALUE);

    @TempDir
    private Path temp;

    private Path directory;
    private final LogEnvironment environment =
            new LogEnvironment(Clock.systemUTC(), new MapBudget(10), new FaultyFiles());
    private final Map<Path, byte[]> pristine = new LinkedHashMap<>();
    private final List<byte[]> written = new ArrayList<>();

    @BeforeEach
    void writeALog() throws IOException {
        directory = temp.resolve("topic-0");
        try (PartitionLog log = open()) {
            for (int i = 0; i < BATCHES; i++) {
                log.append(batch(1, 20, 1000 + i), i < 6 ? 2 : 5);
                log.flush();
            }
            for (int i = 0; i < BATCHES; i++) {
                written.add(Batches.bytes(log.read(i, 1, true, ALL)));
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                pristine.put(file, Files.readAllBytes(file));
            }
        }
    }

    @Test
    void aFlipInASegmentAffectsOnlyTheBatchesAroundIt() throws IOException {
        for (Path segment : files(".log")) {
            for (int at = 0; at < pristine.get(segment).length; at++) {
                flip(segment, at);
                List<Integer> lost = unreadable();
                assertThat(lost).as("byte %d of %s", at, segment).isNotEmpty().hasSizeLessThanOrEqualTo(2);
                int batch = firstBatch(segment) + at / SIZE;
                assertThat(lost).allSatisfy(each -> assertThat(each).isBetween(batch - 1, batch + 1));
            }
        }
    }

    @Test
    void aFlipInASegmentIsLocatedAndRepaired() throws IOException {
        for (Path segment : files(".log")) {
            for (int at = 0; at < pristine.get(segment).length; at++) {
                flip(segment, at);
                int batch = at / SIZE * SIZE;
                assertThat(StoppedLog.in(directory, environment.files()).verify(bytes -> {}))
                        .as("byte %d of %s", at, segment)
                        .filteredOn(Finding::harmful)
                        .allSatisfy(finding -> assertThat(finding.file()).isEqualTo(segment))
                        .anySatisfy(
                                finding -> assertThat(finding.position()).isBetween((long) batch - SIZE, (long) batch));
                LogRepair.repair(directory, environment.files(), bytes -> {});
                try (PartitionLog log = open()) {
                    assertThat(log.recovery().damage()).isEmpty();
                    assertThat(log.logEndOffset()).isEqualTo(BATCHES);
                    assertThat(log.append(batch(1, 20, 1), 5).baseOffset()).isEqualTo(BATCHES);
                    assertThat(missing(log)).hasSizeLessThanOrEqualTo(2);
                }
            }
        }
    }

    @Test
    void aFlipInAnyOtherFileLosesNothing() throws IOException {
        List<Path> others = Stream.of("index", "checkpoint")
                .flatMap(suffix -> files(suffix).stream())
                .toList();
        assertThat(others).hasSize(8);
        for (Path file : others) {
            for (int at = 0; at < pristine.get(file).length; at++) {
                flip(file, at);
                assertThat(unreadable()).as("byte %d of %s", at, file).isEmpty();
            }
        }
    }

    @Test
    void aFileThatIsMissingEmptyTooLongOrOfAnotherLogLosesNothing() throws IOException {
        for (Path file : files("index")) {
            byte[] bytes = pristine.get(file);
            List<byte[]> spoiled = new ArrayList<>(List.of(new byte[0], Arrays.copyOf(bytes, bytes.length + 24)));
            files(suffix(file)).forEach(other -> spoiled.add(pristine.get(other)));
            for (byte[] each : spoiled) {
                restore();
                Files.write(file, each);
                assertThat(unreadable()).isEmpty();
            }
            restore();
            Files.delete(file);
            assertThat(unreadable()).isEmpty();
            assertThat(file).exists();
        }
    }

    /** Reads each batch by its offset, finds it by its timestamp, and checks the returned bytes. */
    private List<Integer> unreadable() throws IOException {
        Map<Path, byte[]> segments = new LinkedHashMap<>();
        for (Path segment : files(".log")) {
            segments.put(segment, Files.readAllBytes(segment));
        }
        List<Integer> unreadable = new ArrayList<>();
        try (PartitionLog log = open()) {
            for (int offset = 0; offset < BATCHES; offset++) {
                try {
                    assertThat(Batches.bytes(log.read(offset, 1, true, ALL))).isEqualTo(written.get(offset));
                } catch (StorageException e) {
                    unreadable.add(offset);
                }
            }
            assertThat(log.logStartOffset()).isZero();
            if (unreadable.isEmpty()) {
                assertThat(times(log))
                        .isEqualTo(LongStream.range(0, BATCHES).boxed().toList());
                assertThat(log.endOfEpoch(2)).isEqualTo(new EpochEndOffset(2, 6));
                assertThat(log.endOfEpoch(5)).isEqualTo(new EpochEndOffset(5, BATCHES));
            }
        }
        for (Map.Entry<Path, byte[]> segment : segments.entrySet()) {
            assertThat(Files.readAllBytes(segment.getKey())).isEqualTo(segment.getValue());
        }
        return unreadable;
    }

    private List<Integer> missing(PartitionLog log) {
        return IntStream.range(0, BATCHES)
                .filter(offset -> !Arrays.equals(Batches.bytes(log.read(offset, 1, true, ALL)), written.get(offset)))
                .boxed()
                .toList();
    }

    private static List<Long> times(PartitionLog log) {
        return LongStream.range(0, BATCHES)
                .mapToObj(i -> log.times()
                        .firstAtOrAfter(1000 + i, 0, ALL)
                        .orElseThrow()
                        .offset())
                .toList();
    }

    private void flip(Path file, int at) throws IOException {
        restore();
        byte[] bytes = pristine.get(file).clone();
        bytes[at] ^= (byte) (1 << at % 8);
        Files.write(file, bytes);
    }

    private void restore() throws IOException {
        try (Stream<Path> now = Files.list(directory)) {
            for (Path file : now.filter(file -> !pristine.containsKey(file)).toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<Path, byte[]> file : pristine.entrySet()) {
            boolean changed =
                    !Files.exists(file.getKey()) || !Arrays.equals(Files.readAllBytes(file.getKey()), file.getValue());
            if (changed) {
                Files.write(file.getKey(), file.getValue());
            }
        }
    }

    private List<Path> files(String suffix) {
        return pristine.keySet().stream()
                .filter(file -> file.toString().endsWith(suffix))
                .toList();
    }

    private static String suffix(Path file) {
        String name = file.toString();
        return name.substring(name.lastIndexOf('.'));
    }

    private static int firstBatch(Path segment) {
        return Integer.parseInt(segment.getFileName().toString().substring(0, 20));
    }

    private PartitionLog open() {
        return PartitionLog.open(directory, SMALL, environment);
    }
}
