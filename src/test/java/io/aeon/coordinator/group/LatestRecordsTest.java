package io.aeon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.coordinator.KafkaBatches;
import io.aeon.coordinator.LatestRecords;
import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.RecordFormat;
import io.aeon.coordinator.StoredRecords;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Epoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.GroupEpoch;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import io.aeon.coordinator.group.record.GroupRecordFormat;
import java.nio.ByteBuffer;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a snapshot contains is as good as the log: random records, transactions and deletions. */
class LatestRecordsTest {
    private static final int SCHEDULES = Integer.getInteger("schedules", 100);
    private static final int STEPS = 80;
    private static final RecordBatches BATCHES = new KafkaBatches(() -> {});
    private static final RecordFormat<GroupRecord> FORMAT = new GroupRecordFormat();
    private static final Uuid TOPIC = new Uuid(1, 1);

    /** The kind of a record from the future. */
    private static final short UNKNOWN = 4711;

    @Test
    void snapshotAndTheRestOfTheLogBuildTheSameStateAfterEveryStep() {
        long first = Long.getLong("seed", System.nanoTime());
        for (long seed = first; seed < first + SCHEDULES; seed++) {
            try {
                new Schedule(new Random(seed)).run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("Schedule(" + seed + "L) fails", e);
            }
        }
    }

    private static final class Schedule {
        private final Random random;
        private final List<ByteBuffer> log = new ArrayList<>();
        private LatestRecords snapshot = new LatestRecords(BATCHES, Long.MAX_VALUE);
        private int covered;

        Schedule(Random random) {
            this.random = random;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                log.add(next());
                if (random.nextInt(5) == 0) {
                    takeSnapshot();
                }
                assertThat(replayed(this::fromSnapshot)).isEqualTo(replayed(log::forEach));
            }
        }

        /** A new one is made of the last one and some of the records that follow. */
        private void takeSnapshot() {
            LatestRecords next = new LatestRecords(BATCHES, Long.MAX_VALUE);
            snapshot.forEachBatch(next::replay);
            int end = covered + random.nextInt(log.size() - covered + 1);
            log.subList(covered, end).forEach(batch -> next.replay(batch.duplicate()));
            snapshot = next;
            covered = end;
        }

        private void fromSnapshot(Consumer<ByteBuffer> reader) {
            snapshot.forEachBatch(reader);
            log.subList(covered, log.size()).forEach(reader);
        }

        private ByteBuffer next() {
            long producerId = random.nextInt(2);
            return switch (random.nextInt(8)) {
                case 0 -> batch(-1, commit(null));
                case 1, 2 -> batch(-1, commit(value()));
                case 3, 4 -> batch(producerId, commit(value()));
                case 5 -> BATCHES.endMarker(producerId, (short) 0, 0, random.nextInt(3) > 0, 0);
                case 6 -> batch(-1, new GroupEpoch(group(), random.nextInt(4) == 0 ? null : new Epoch(log.size(), 1)));
                default -> unknown();
            };
        }

        private String group() {
            return "g" + random.nextInt(2);
        }

        private OffsetCommit commit(@Nullable CommittedOffset value) {
            return new OffsetCommit(group(), "t", random.nextInt(2), value);
        }

        private CommittedOffset value() {
            return new CommittedOffset(log.size(), 0, "", 0, -1, TOPIC);
        }

        private ByteBuffer batch(long producerId, GroupRecord record) {
            Map.Entry<ByteBuffer, @Nullable ByteBuffer> entry =
                    StoredRecords.encode(FORMAT, List.of(record)).get(0);
            return BATCHES.batch(new TreeMap<>(Map.of((long) log.size(), entry)), producerId);
        }

        private ByteBuffer unknown() {
            ByteBuffer key = ByteBuffer.allocate(6)
                    .putShort(UNKNOWN)
                    .putInt(random.nextInt(2))
                    .flip();
            ByteBuffer value = ByteBuffer.wrap(new byte[] {1});
            return BATCHES.batch(new TreeMap<>(Map.of((long) log.size(), new SimpleImmutableEntry<>(key, value))), -1);
        }

        /** The groups, and the latest records of unknown kinds. */
        private static Map<String, Object> replayed(Consumer<Consumer<ByteBuffer>> log) {
            Set<Long> unknown = new TreeSet<>();
            StoredRecords<GroupRecord, Group> records = new StoredRecords<>(
                    BATCHES,
                    FORMAT,
                    id -> true,
                    id -> new Group(
                            id,
                            GroupDriver.SETTINGS,
                            () -> GroupDriver.CONSUMERS,
                            () -> new java.util.UUID(0, 0),
                            () -> new FakeTopics(TOPIC)),
                    (offset, reason) -> {
                        assertThat(reason).isNull();
                        unknown.add(offset);
                    });
            log.accept(batch -> records.replay(batch.duplicate()));
            Map<String, Object> state = new HashMap<>();
            records.existing().forEach(group -> state.put(group.id(), group.stored()));
            state.put("unknown kinds", !unknown.isEmpty());
            return state;
        }
    }

    private static ByteBuffer keyed(int key, int offset, int size) {
        ByteBuffer name = ByteBuffer.allocate(4).putInt(key).flip();
        return BATCHES.batch(
                new TreeMap<>(Map.of((long) offset, new SimpleImmutableEntry<>(name, ByteBuffer.wrap(new byte[size])))),
                -1);
    }

    @Test
    void onlyTheLatestRecordOfAKeyTakesPlace() {
        LatestRecords latest = new LatestRecords(BATCHES, 1 << 20);
        for (int offset = 0; offset < 10_000; offset++) {
            latest.replay(keyed(offset % 10, offset, 1000));
        }

        assertThat(latest.size()).isEqualTo(10);
        assertThat(latest.gap()).isEmpty();
    }

    @Test
    void moreRecordsThanTheHeapMayTakeAreNoSnapshot() {
        LatestRecords latest = new LatestRecords(BATCHES, 1 << 20);
        for (int offset = 0; offset < 2000; offset++) {
            latest.replay(keyed(offset, offset, 1000));
        }

        assertThat(latest.gap()).hasValueSatisfying(reason -> assertThat(reason).contains("heap"));
        assertThat(latest.size()).isZero();
    }

    @Test
    void recordsFarApartAreInSeparateBatches() {
        LatestRecords latest = new LatestRecords(BATCHES, 1 << 20);
        latest.replay(keyed(1, 0, 1));
        ByteBuffer name = ByteBuffer.allocate(4).putInt(2).flip();
        long far = 1L << 40;
        latest.replay(BATCHES.batch(
                new TreeMap<>(Map.of(far, new SimpleImmutableEntry<>(name, ByteBuffer.wrap(new byte[1])))), -1));

        List<ByteBuffer> written = new ArrayList<>();
        latest.forEachBatch(written::add);
        assertThat(written).hasSize(2);
        LatestRecords again = new LatestRecords(BATCHES, 1 << 20);
        assertThat(again.replay(written.get(1))).isEqualTo(far + 1);
    }
}
