package io.aeon.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.console.RecordReader.OffsetRange;
import io.aeon.console.RecordScan.ScanResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A scan over partitions whose record at offset n has the time n. */
class RecordScanTest {
    private final Map<Integer, OffsetRange> whole = new TreeMap<>();
    private Predicate<ShownRecord> wanted = record -> true;
    private long mostOfARange = Long.MAX_VALUE / 2;
    private long read;

    @Test
    void theNewestRecordsOfAllPartitionsComeFirst() throws IOException {
        has(0, 0, 100);
        has(1, 0, 50);

        ScanResult first = newest(3, Map.of(0, 100L, 1, 50L));

        assertThat(first.records()).extracting(ShownRecord::offset).containsExactly(99L, 98L, 97L);
        assertThat(first.positions()).isEqualTo(Map.of(0, 97L, 1, 50L));
        assertThat(read).isLessThanOrEqualTo(6);
    }

    @Test
    void eachRecordIsFoundOnceByScansThatFollowEachOther() throws IOException {
        has(0, 5, 40);
        has(1, 0, 0);
        has(2, 20, 61);
        List<String> backwards = new ArrayList<>();
        Map<Integer, Long> positions = Map.of(0, 40L, 1, 0L, 2, 61L);
        for (int i = 0; i < 30; i++) {
            ScanResult part = newest(7, positions);
            part.records().forEach(each -> backwards.add(each.partition() + "@" + each.offset()));
            positions = part.positions();
        }
        assertThat(backwards).hasSize(35 + 41).doesNotHaveDuplicates();

        List<String> forwards = new ArrayList<>();
        positions = Map.of(0, 5L, 1, 0L, 2, 20L);
        for (int i = 0; i < 30; i++) {
            ScanResult part = oldest(7, positions);
            part.records().forEach(each -> forwards.add(each.partition() + "@" + each.offset()));
            positions = part.positions();
        }
        assertThat(forwards).hasSize(35 + 41).containsExactlyInAnyOrderElementsOf(backwards);
    }

    @Test
    void aRareRecordIsLookedForInStepsThatGrow() throws IOException {
        has(0, 0, 20_000);
        wanted = record -> record.offset() == 3;

        ScanResult found = newest(5, Map.of(0, 20_000L));

        assertThat(found.records()).extracting(ShownRecord::offset).containsExactly(3L);
        assertThat(found.positions()).isEqualTo(Map.of(0, 0L));
        assertThat(read).isEqualTo(20_000);
    }

    @Test
    void aScanThatTakesTooLongStopsAndTheNextGoesOn() throws IOException {
        has(0, 0, 1_000);
        wanted = record -> false;

        ScanResult late = new RecordScan(true, whole, Map.of(0, 1_000L)).find(10, this::read, () -> true);

        assertThat(late.records()).isEmpty();
        assertThat(late.positions()).isEqualTo(Map.of(0, 990L));
    }

    @Test
    void positionsOutsideOfWhatThereIsFindNothingMore() throws IOException {
        has(0, 10, 20);

        assertThat(newest(5, Map.of(0, 10L)).records()).isEmpty();
        assertThat(oldest(5, Map.of(0, 20L)).records()).isEmpty();
        assertThat(oldest(5, Map.of(0, Long.MAX_VALUE / 2)).records()).isEmpty();
        assertThat(oldest(2, Map.of(0, 0L)).records())
                .extracting(ShownRecord::offset)
                .containsExactly(10L, 11L);
    }

    @Test
    void ofManyMatchesOnlyThoseThatAreWantedAreKeptAndTheRestIsFoundLater() throws IOException {
        for (int partition = 0; partition < 20; partition++) {
            has(partition, 0, 5_000);
        }
        wanted = record -> record.offset() % 5_000 < 4_900;
        Map<Integer, Long> positions = new TreeMap<>();
        whole.forEach((partition, range) -> positions.put(partition, range.to()));

        ScanResult first = newest(50, positions);
        ScanResult second = newest(50, first.positions());

        assertThat(first.records()).hasSize(50).allMatch(record -> record.offset() >= 4_896);
        assertThat(second.records())
                .hasSize(50)
                .allMatch(record -> record.offset() >= 4_893)
                .doesNotContainAnyElementsOf(first.records());
        assertThat(first.positions().values()).allMatch(position -> position >= 4_895);
    }

    @Test
    void aStepThatEndsLateGivesWhatItHasReached() throws IOException {
        has(0, 0, 1_000);
        has(1, 0, 10);
        mostOfARange = 10;

        ScanResult oldest = new RecordScan(false, whole, Map.of(0, 0L, 1, 0L)).find(50, this::read, () -> true);
        ScanResult newest = new RecordScan(true, whole, Map.of(0, 1_000L, 1, 10L)).find(50, this::read, () -> true);

        assertThat(oldest.records()).hasSize(20);
        assertThat(oldest.positions()).isEqualTo(Map.of(0, 10L, 1, 10L));
        assertThat(newest.records()).hasSize(10).allMatch(record -> record.partition() == 1);
        assertThat(newest.positions()).isEqualTo(Map.of(0, 1_000L, 1, 0L));
    }

    @Test
    void aScanThatReachesNothingFails() {
        has(0, 0, 1_000);
        mostOfARange = 0;

        assertThatThrownBy(() -> oldest(5, Map.of(0, 0L))).isInstanceOf(IOException.class);
    }

    private void has(int partition, long from, long to) {
        whole.put(partition, new OffsetRange(from, to));
    }

    private ScanResult newest(int limit, Map<Integer, Long> positions) throws IOException {
        return new RecordScan(true, whole, positions).find(limit, this::read, () -> false);
    }

    private ScanResult oldest(int limit, Map<Integer, Long> positions) throws IOException {
        return new RecordScan(false, whole, positions).find(limit, this::read, () -> false);
    }

    private Map<Integer, Long> read(Map<Integer, OffsetRange> ranges, Consumer<ShownRecord> found) {
        Map<Integer, Long> reached = new TreeMap<>();
        ranges.forEach((partition, range) -> {
            assertThat(range.isEmpty() || range.from() >= whole.get(partition).from())
                    .isTrue();
            long end = Math.min(range.to(), range.from() + mostOfARange);
            reached.put(partition, end);
            for (long offset = range.from(); offset < end; offset++) {
                ShownRecord record =
                        new ShownRecord(partition, offset, offset, "CreateTime", null, null, List.of(), null);
                read++;
                if (wanted.test(record)) {
                    found.accept(record);
                }
            }
        });
        return reached;
    }
}
