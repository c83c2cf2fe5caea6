package io.aeon.broker.coordinator;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.RecordFormat;
import io.aeon.coordinator.Replayable;
import io.aeon.coordinator.StoredRecords;
import io.aeon.metadata.ClusterImage.Eligible;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.ForwardingFiles;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.ManualClock;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot shortens the replay of a log and never changes its result, whatever happens to file and log. */
class SnapshotsTest {
    private static final TopicIdPartition PARTITION = new TopicIdPartition(new Uuid(1, 1), 0, "__states");
    private static final RecordBatches BATCHES = new KafkaBatches(() -> {});
    private static final StateFormat FORMAT = new StateFormat();
    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;
    private static final Partition ALONE =
            new Partition(0, 0, 1, 0, List.of(1), List.of(1), Eligible.NONE, List.of(Uuid.ZERO_UUID));

    private final InMemoryOffsetsTopic topic = new InMemoryOffsetsTopic();
    private final FaultyFiles files = new FaultyFiles();
    private final ManualClock clock = new ManualClock(1_800_000_000_000L);
    private final Map<String, String> expected = new TreeMap<>();

    @TempDir
    Path dataDir;

    private Path file;
    private CoordinatorLog log;

    /** A value of a key; null if it is deleted. */
    private record State(String id, @Nullable String value) {}

    private static final class StateFormat implements RecordFormat<State> {
        @Override
        public ByteBuffer key(State state) {
            return StandardCharsets.UTF_8.encode(state.id());
        }

        @Override
        public @Nullable ByteBuffer value(State state) {
            return state.value() == null ? null : StandardCharsets.UTF_8.encode(state.value());
        }

        @Override
        public Optional<State> decode(ByteBuffer key, @Nullable ByteBuffer value) {
            return Optional.of(new State(
                    StandardCharsets.UTF_8.decode(key.duplicate()).toString(),
                    value == null
                            ? null
                            : StandardCharsets.UTF_8.decode(value.duplicate()).toString()));
        }

        @Override
        public String idOf(State state) {
            return state.id();
        }
    }

    private static final class Replayed implements Replayable<State> {
        private final String id;
        private @Nullable String value;

        Replayed(String id) {
            this.id = id;
        }

        @Override
        public void replay(State record, long producerId, long offset) {
            value = record.value();
        }

        @Override
        public boolean isVacant() {
            return value == null;
        }
    }

    @BeforeEach
    void open() throws IOException {
        Path directory = dataDir.resolve(PARTITION.topicPartition().toString());
        Files.createDirectories(directory);
        file = directory.resolve(SnapshotFile.NAME);
        restart();
    }

    private void restart() {
        log = log(PARTITION, files);
    }

    private CoordinatorLog log(TopicIdPartition partition, LogFiles where) {
        return new CoordinatorLog(topic, partition, ALONE, BATCHES, files(dataDir, where), Runnable::run);
    }

    private SnapshotFiles files(Path parent, LogFiles where) {
        return new SnapshotFiles(
                partition -> parent.resolve(partition.toString()), where, 1 << 20, clock, name -> DAY_MS);
    }

    private void append(String id, @Nullable String value) {
        done(log.append(BATCHES.batch(StoredRecords.encode(FORMAT, List.of(new State(id, value))), 0)));
        if (value == null) {
            expected.remove(id);
        } else {
            expected.put(id, value);
        }
    }

    private void appendSome() {
        append("a", "1");
        append("b", "2");
        append("a", "3");
    }

    private void take() {
        done(log.takeSnapshot(topic.leaderEpoch()));
    }

    private Map<String, String> replayed() {
        Map<String, String> values = new TreeMap<>();
        done(log.replay(FORMAT, id -> true, Replayed::new)).forEach(each -> values.put(each.id, each.value));
        return values;
    }

    @Test
    void aReplayReadsTheSnapshotAndThenTheRestOfTheLog() {
        appendSome();
        take();
        append("b", null);
        append("c", "4");
        topic.takeReads();

        restart();

        assertThat(replayed()).isEqualTo(expected);
        assertThat(topic.takeReads()).allMatch(offset -> offset >= 3);
    }

    @Test
    void aSnapshotIsMadeOfTheLastOneAndTheRestOfTheLog() {
        appendSome();
        take();
        append("b", null);
        topic.takeReads();
        take();
        assertThat(topic.takeReads()).allMatch(offset -> offset >= 3);

        restart();
        assertThat(replayed()).isEqualTo(expected);
        assertThat(topic.takeReads()).allMatch(offset -> offset >= 4);
    }

    @Test
    void aSnapshotIsDueAfterManyRecords() {
        assertThat(log.isSnapshotDue()).isFalse();
        expected.put("a", "x");
        for (int i = 0; i < Snapshots.EVERY / 1000; i++) {
            done(log.append(BATCHES.batch(
                    StoredRecords.encode(FORMAT, Collections.nCopies(1000, new State("a", "x"))), 0)));
        }
        assertThat(log.isSnapshotDue()).isTrue();
        take();
        assertThat(log.isSnapshotDue()).isFalse();

        restart();
        assertThat(replayed()).isEqualTo(expected);
        assertThat(log.isSnapshotDue())
                .as("a start knows how far the snapshot reaches")
                .isFalse();
    }

    @Test
    void aDamagedSnapshotIsRemovedAndTheLogIsRead() throws IOException {
        appendSome();
        take();
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at += 5) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            assertThat(replayed()).isEqualTo(expected);
            assertThat(file).as("damaged at byte " + at).doesNotExist();
        }
        for (int size = 0; size < whole.length; size += 9) {
            Files.write(file, java.util.Arrays.copyOf(whole, size));
            assertThat(replayed()).isEqualTo(expected);
            assertThat(file).as("cut to " + size + " bytes").doesNotExist();
        }
    }

    @Test
    void aReplayDoesNotWaitUntilANewLeaderKnowsWhatIsCommitted() {
        appendSome();
        take();
        topic.forgetEnd();
        topic.takeReads();

        restart();

        assertThat(replayed()).isEqualTo(expected);
        assertThat(topic.takeReads()).allMatch(offset -> offset >= 3);
    }

    @Test
    void aSnapshotThatTheDiskFailsToReadStays() {
        appendSome();
        take();
        AtomicInteger reads = new AtomicInteger();
        AtomicInteger failing = new AtomicInteger(-1);
        LogFiles where = failingReads(reads, failing);
        log = log(PARTITION, where);
        assertThat(replayed()).isEqualTo(expected);
        failing.set(2 * reads.get());

        log = log(PARTITION, where);
        assertThatThrownBy(this::replayed).hasRootCauseMessage("bad sector");
        topic.takeReads();

        assertThat(file).exists();
        assertThat(replayed()).isEqualTo(expected);
        assertThat(topic.takeReads()).allMatch(offset -> offset >= 3);
    }

    /** Files of which one read fails: that with the number {@code failing}. */
    private LogFiles failingReads(AtomicInteger reads, AtomicInteger failing) {
        return new ForwardingFiles(files) {
            @Override
            public LogFile openForReading(Path path) throws IOException {
                LogFile opened = super.openForReading(path);
                return (LogFile) Proxy.newProxyInstance(
                        LogFile.class.getClassLoader(), new Class<?>[] {LogFile.class}, (proxy, method, arguments) -> {
                            if (method.getName().equals("read") && reads.incrementAndGet() == failing.get()) {
                                throw new IOException("bad sector");
                            }
                            return method.invoke(opened, arguments);
                        });
            }
        };
    }

    @Test
    void aLogThatWasTruncatedBelowTheSnapshotIsReadItself() {
        appendSome();
        take();
        topic.truncate(PARTITION.topicPartition(), 2);

        assertThat(replayed()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(file).exists();
    }

    @Test
    void aLogThatWasTruncatedAndHasGrownAgainIsReadItself() {
        appendSome();
        take();
        topic.truncate(PARTITION.topicPartition(), 1);
        expected.clear();
        expected.put("a", "1");
        append("d", "5");
        append("e", "6");
        append("f", "7");

        assertThat(replayed()).isEqualTo(expected);
        assertThat(file).exists();
    }

    @Test
    void aSnapshotBelowATruncationRemainsValid() {
        appendSome();
        take();
        append("lost", "4");
        topic.truncate(PARTITION.topicPartition(), 3);
        expected.remove("lost");
        append("d", "5");

        assertThat(replayed()).isEqualTo(expected);
        assertThat(file).exists();
    }

    @Test
    void recordsThatAreDeletedFromTheLogAreNoLongerInTheSnapshot() {
        appendSome();
        take();
        topic.deleteBelow(PARTITION.topicPartition(), 2);

        assertThat(replayed()).isEqualTo(Map.of("a", "3"));
        assertThat(file).exists();
    }

    /** A replica elsewhere deletes it, and compaction there or here drops the tombstone. */
    @Test
    void aSnapshotDoesNotBringBackWhatWasDeletedAndCompactedAway() {
        append("a", "1");
        append("b", "2");
        take();
        append("a", null);
        append("c", "3");
        clock.advance(DAY_MS + HOUR_MS);
        topic.compactAway(PARTITION.topicPartition(), 0);
        topic.compactAway(PARTITION.topicPartition(), 2);

        restart();

        assertThat(replayed()).isEqualTo(expected).doesNotContainKey("a");
        take();
        restart();
        assertThat(replayed()).isEqualTo(expected);
    }

    @Test
    void anOldSnapshotRemainsValidUntilSomethingFollowsIt() {
        appendSome();
        take();
        clock.advance(30 * DAY_MS);
        topic.takeReads();

        restart();
        assertThat(replayed()).isEqualTo(expected);
        assertThat(topic.takeReads()).allMatch(offset -> offset >= 3);

        append("c", "4");
        assertThat(replayed()).isEqualTo(expected);
        assertThat(topic.takeReads()).contains(0L);
    }

    @Test
    void aSnapshotIsReplacedBeforeItIsTooOldIfAnythingFollows() {
        appendSome();
        take();
        clock.advance(6 * HOUR_MS);
        assertThat(log.isSnapshotDue()).isFalse();
        append("c", "4");
        assertThat(log.isSnapshotDue()).isTrue();

        take();

        append("d", "5");
        assertThat(log.isSnapshotDue()).isFalse();
        clock.advance(6 * HOUR_MS);
        restart();
        assertThat(replayed()).isEqualTo(expected);
        assertThat(log.isSnapshotDue()).as("a start knows the age").isTrue();
    }

    @Test
    void aLogWithoutASnapshotNeedsNoneForItsAge() {
        appendSome();
        clock.advance(DAY_MS);

        assertThat(replayed()).isEqualTo(expected);
        assertThat(log.isSnapshotDue()).isFalse();
    }

    /** Only the damaged batch leaves the log; offsets and leader epochs remain. */
    @Test
    void aSnapshotOutlivesTheQuarantineOfADamagedLog() {
        appendSome();
        take();
        append("c", "4");
        topic.damage(1);
        assertThatThrownBy(this::replayed).hasMessageContaining("damaged");

        topic.repair(PARTITION.topicPartition());

        restart();
        assertThat(replayed()).isEqualTo(expected);
    }

    @Test
    void aSnapshotOfADeletedTopicIsNotReadForANewOne() {
        appendSome();
        take();
        log = log(new TopicIdPartition(new Uuid(2, 2), 0, "__states"), files);
        topic.truncate(PARTITION.topicPartition(), 0);

        assertThat(replayed()).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void noSnapshotIsTakenWhileAnotherLeaderMayHaveChangedTheLog() {
        appendSome();
        int known = topic.leaderEpoch();
        topic.truncate(PARTITION.topicPartition(), 3);

        assertThatThrownBy(() -> done(log.takeSnapshot(known))).hasCauseInstanceOf(FencedLeaderEpochException.class);
        assertThat(file).doesNotExist();
    }

    @Test
    void aSnapshotThatCannotBeWrittenTakesNoSpaceAndHarmsNothing() {
        appendSome();
        take();
        append("c", "4");
        files.fullAfter(100);

        assertThatThrownBy(this::take).hasCauseInstanceOf(StorageException.class);

        assertThat(file.getParent()).isDirectoryContaining(each -> each.equals(file));
        assertThat(file.getParent()).isDirectoryNotContaining(each -> !each.equals(file));
        assertThat(replayed()).isEqualTo(expected);
    }

    @Test
    void aReplayAfterACrashInTheMiddleOfASnapshotIsComplete() {
        for (long seed = 0; seed < 20; seed++) {
            for (int operations = 0; operations < 12; operations++) {
                append("a", seed + "-" + operations);
                take();
                append("b", seed + "-" + operations);
                files.dieAfter(operations);
                var unused = log.takeSnapshot(topic.leaderEpoch()).handle((taken, failure) -> failure);
                files.crash(new Random(seed));

                restart();
                assertThat(replayed()).isEqualTo(expected);
            }
        }
    }

    @Test
    void randomSchedulesAlwaysEndInTheStateOfTheLog() {
        long first = Long.getLong("seed", System.nanoTime());
        for (long seed = first; seed < first + 30; seed++) {
            Random random = new Random(seed);
            for (int step = 0; step < 40; step++) {
                step(random);
                Path elsewhere = dataDir.resolve("without-snapshots");
                CoordinatorLog plain =
                        new CoordinatorLog(topic, PARTITION, ALONE, BATCHES, files(elsewhere, files), Runnable::run);
                Map<String, String> whole = new TreeMap<>();
                done(plain.replay(FORMAT, id -> true, Replayed::new)).forEach(each -> whole.put(each.id, each.value));
                assertThat(replayed()).as("seed " + seed + ", step " + step).isEqualTo(whole);
            }
            topic.truncate(PARTITION.topicPartition(), 0);
        }
    }

    private void step(Random random) {
        switch (random.nextInt(8)) {
            case 0 -> take();
            case 1 -> restart();
            case 2 ->
                topic.truncate(PARTITION.topicPartition(), topic.end(PARTITION.topicPartition()) - random.nextInt(4));
            case 3 -> {
                files.dieAfter(random.nextInt(12));
                var unused = log.takeSnapshot(topic.leaderEpoch()).handle((taken, failure) -> failure);
                files.crash(random);
                restart();
            }
            case 4 -> append("" + random.nextInt(4), null);
            default -> append("" + random.nextInt(4), "v" + random.nextInt(1000));
        }
    }
}
