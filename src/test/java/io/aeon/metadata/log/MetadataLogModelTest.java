package io.aeon.metadata.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.record.internal.UnalignedMemoryRecords;
import org.apache.kafka.raft.Isolation;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RawSnapshotWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations of Kafka's raft client on the log of a follower, compared with lists of batches and epochs. */
class MetadataLogModelTest extends OpenMetadataLog {
    private static final int STEPS = 250;

    private record Batch(long base, int records, int epoch) {
        long end() {
            return base + records;
        }
    }

    private final List<Batch> batches = new ArrayList<>();
    private final TreeMap<Integer, Long> epochs = new TreeMap<>();
    private final TreeSet<OffsetAndEpoch> snapshots = new TreeSet<>();
    private long start;
    private long end;
    private long highWatermark;
    /** The raft client never truncates what was committed, also after a restart, when the log does not know it. */
    private long committed;

    private int epoch = 1;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theLogAnswersAsItsModel(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            String what = act(random);
            assertThat(state()).as("seed %d, step %d: %s", seed, step, what).isEqualTo(model());
        }
    }

    private String act(Random random) {
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> append(random);
            case 5, 6, 7 -> commit(random);
            case 8, 9 -> truncate(random);
            case 10 -> snapshot(random);
            case 11 -> deleteBefore(random);
            case 12 -> fetchSnapshot(random);
            case 13 -> clean();
            case 14 -> beginEpoch(random);
            default -> restart();
        };
    }

    private String append(Random random) {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            epoch += random.nextInt(4) == 0 ? 1 : 0;
            Batch batch = new Batch(end, 1 + random.nextInt(3), epoch);
            SimpleRecord[] records = new SimpleRecord[batch.records()];
            for (int r = 0; r < records.length; r++) {
                records[r] = new SimpleRecord("record".getBytes(StandardCharsets.UTF_8));
            }
            bytes.put(MemoryRecords.withRecords(end, Compression.NONE, epoch, records)
                    .buffer());
            batches.add(batch);
            assign(epoch, end);
            end = batch.end();
        }
        log.appendAsFollower(MemoryRecords.readableRecords(bytes.flip()), epoch);
        return "append " + count + " batches";
    }

    private void assign(int begun, long offset) {
        if (epochs.isEmpty() || begun > epochs.lastKey()) {
            epochs.values().removeIf(each -> each >= offset);
            epochs.put(begun, offset);
        }
    }

    private String commit(Random random) {
        List<Long> ends = batches.stream()
                .map(Batch::end)
                .filter(each -> each >= highWatermark)
                .toList();
        if (!ends.isEmpty()) {
            highWatermark = ends.get(random.nextInt(ends.size()));
            commit(highWatermark);
            committed = Math.max(committed, highWatermark);
        }
        return "commit up to " + highWatermark;
    }

    private String truncate(Random random) {
        OffsetAndEpoch target =
                new OffsetAndEpoch(start + random.nextInt((int) (end - start) + 3), random.nextInt(epoch + 2));
        OffsetAndEpoch own = endOffsetForEpoch(target.epoch());
        long to = target.epoch() == 0
                ? Math.min(target.offset(), end)
                : own.epoch() == target.epoch() ? Math.min(own.offset(), target.offset()) : own.offset();
        if (to < highWatermark) {
            assertThatThrownBy(() -> log.truncateToEndOffset(target)).isInstanceOf(IllegalArgumentException.class);
        } else if (to >= committed) {
            assertThat(log.truncateToEndOffset(target)).isEqualTo(to);
            batches.removeIf(batch -> batch.end() > to);
            end = batches.isEmpty()
                    ? Math.min(to, start)
                    : batches.get(batches.size() - 1).end();
            epochs.values().removeIf(each -> each >= end);
        }
        return "truncate to " + target;
    }

    private String snapshot(Random random) {
        List<Batch> committed = batches.stream()
                .filter(batch -> batch.end() <= highWatermark && batch.end() > start)
                .toList();
        if (committed.isEmpty()) {
            return "no snapshot";
        }
        Batch last = committed.get(random.nextInt(committed.size()));
        OffsetAndEpoch id = new OffsetAndEpoch(last.end(), last.epoch());
        log.createNewSnapshot(id).ifPresent(MetadataLogModelTest::write);
        snapshots.add(id);
        return "snapshot " + id;
    }

    private String deleteBefore(Random random) {
        if (snapshots.isEmpty()) {
            return "no snapshot to delete before";
        }
        OffsetAndEpoch id = List.copyOf(snapshots).get(random.nextInt(snapshots.size()));
        boolean possible = id.offset() > start && id.offset() <= highWatermark;
        assertThat(log.deleteBeforeSnapshot(id)).isEqualTo(possible);
        if (possible) {
            startAt(id);
        }
        assertThat(log.deleteBeforeSnapshot(new OffsetAndEpoch(id.offset(), id.epoch() + 1)))
                .as("a snapshot that does not exist")
                .isFalse();
        return "delete before " + id;
    }

    private void startAt(OffsetAndEpoch id) {
        start = id.offset();
        snapshots.headSet(id, false).clear();
        batches.removeIf(batch -> batch.end() <= start);
        var begun = new TreeMap<Integer, Long>();
        epochs.forEach((each, from) -> {
            if (from <= start) {
                begun.put(each, from);
            }
        });
        if (!begun.isEmpty()) {
            epochs.keySet().removeAll(begun.keySet());
            epochs.put(begun.lastKey(), start);
        }
    }

    private String fetchSnapshot(Random random) {
        OffsetAndEpoch id = random.nextBoolean()
                ? new OffsetAndEpoch(end + 1 + random.nextInt(20), epoch)
                : new OffsetAndEpoch(committed + 1 + random.nextInt(5), epoch + 1);
        write(log.createNewSnapshotUnchecked(id).orElseThrow());
        log.onSnapshotFrozen(id);
        boolean restarts = random.nextBoolean();
        if (restarts) {
            reopen();
        } else {
            assertThat(log.truncateToLatestSnapshot()).isTrue();
        }
        assertThat(log.truncateToLatestSnapshot()).as("once more").isFalse();
        batches.clear();
        epochs.clear();
        snapshots.clear();
        snapshots.add(id);
        epoch = id.epoch();
        start = id.offset();
        end = start;
        highWatermark = start;
        committed = start;
        return "snapshot " + id + " of the leader" + (restarts ? ", found by a restart" : "");
    }

    private String clean() {
        OffsetAndEpoch kept = snapshots.size() < 2 ? null : snapshots.lower(snapshots.last());
        boolean possible = kept != null && kept.offset() > start && kept.offset() <= highWatermark;
        assertThat(log.maybeClean()).isEqualTo(possible);
        if (kept != null && possible) {
            startAt(kept);
        }
        return "clean up";
    }

    private String beginEpoch(Random random) {
        epoch += random.nextInt(2);
        if (epochs.isEmpty() || epoch >= epochs.lastKey()) {
            log.initializeLeaderEpoch(epoch);
            assign(epoch, end);
        }
        return "begin epoch " + epoch;
    }

    /** The high watermark is learnt again, and an epoch without records is forgotten. */
    private String restart() {
        reopen();
        highWatermark = start;
        epochs.values().removeIf(each -> each >= end);
        return "restart";
    }

    private static void write(RawSnapshotWriter writer) {
        try (writer) {
            writer.append(new UnalignedMemoryRecords(ByteBuffer.wrap(new byte[] {1})));
            writer.freeze();
        }
    }

    private OffsetAndEpoch endOffsetForEpoch(int asked) {
        OffsetAndEpoch found;
        if (!epochs.isEmpty() && asked == epochs.lastKey()) {
            found = new OffsetAndEpoch(end, asked);
        } else if (epochs.higherEntry(asked) != null) {
            Integer floor = epochs.floorKey(asked);
            found = new OffsetAndEpoch(epochs.higherEntry(asked).getValue(), floor == null ? asked : floor);
        } else {
            return new OffsetAndEpoch(end, lastFetchedEpoch());
        }
        boolean atSnapshot =
                !snapshots.isEmpty() && snapshots.first().offset() == found.offset() && found.epoch() == asked;
        return atSnapshot ? snapshots.first() : found;
    }

    private int lastFetchedEpoch() {
        if (!epochs.isEmpty()) {
            return epochs.lastKey();
        }
        return snapshots.isEmpty() ? 0 : snapshots.last().epoch();
    }

    private List<Object> model() {
        List<Object> state = new ArrayList<>(List.of(start, end, highWatermark, lastFetchedEpoch()));
        state.add(List.copyOf(snapshots));
        state.add(batches.stream().map(Batch::base).toList());
        for (int each = 0; each <= epoch + 1; each++) {
            state.add(endOffsetForEpoch(each));
        }
        return state;
    }

    private List<Object> state() {
        List<Object> state = new ArrayList<>(List.of(
                log.startOffset(), log.endOffset().offset(), log.highWatermark().offset(), log.lastFetchedEpoch()));
        state.add(snapshots.stream()
                .filter(id -> log.readSnapshot(id).isPresent())
                .toList());
        state.add(offsets(Isolation.UNCOMMITTED, log.startOffset()));
        for (int each = 0; each <= epoch + 1; each++) {
            state.add(log.endOffsetForEpoch(each));
        }
        return state;
    }
}
