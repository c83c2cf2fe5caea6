package io.aeon.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.Batches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.recovery.Recovery;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Compares the log with a list of batches: random work, clean restarts, full disks, process crashes and power cuts. */
class LogModelTest {
    private static final int STEPS = 200;
    private static final LogConfig CONFIG =
            new LogConfig(4000, 1000, 300, 1 << 20, -1, 30_000, 0, true, Long.MAX_VALUE);

    /** A batch that a read must return. */
    private record Expected(long baseOffset, long lastOffset, long timestamp, ByteBuffer bytes) {}

    @TempDir
    private Path temp;

    private final FaultyFiles files = new FaultyFiles();
    private final LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(4), files);
    private final List<Expected> batches = new ArrayList<>();
    private long end;
    private long durable;
    private long logStart;
    private long durableLogStart;
    private int epoch;
    private long timestamp = 1_000_000;
    private Random random = new Random();
    /** Whether a checkpoint certainly exists. */
    private boolean checkpointed;
    /** Whether the log has gaps: then each roll writes a checkpoint. */
    private boolean gaps;
    /** End offset of the last read. */
    private long readTo;

    @RepeatedTest(value = 15, name = "seed {currentRepetition}")
    void behavesLikeAListOfBatches(RepetitionInfo repetition) {
        random = new Random(repetition.getCurrentRepetition());
        PartitionLog log = open();
        for (int step = 0; step < STEPS; step++) {
            log = work(log);
            assertThat(log.logEndOffset()).isEqualTo(end);
            assertThat(log.logStartOffset()).isEqualTo(logStart);
            assertThat(log.durableOffset()).isBetween(durable, end);
            durable = log.durableOffset();
            read(log);
            find(log);
        }
        log.close();
        assertThat(files.openFiles()).isZero();
        assertThat(environment.maps().used()).isZero();
    }

    private PartitionLog open() {
        checkpointed = false;
        return PartitionLog.open(temp.resolve("topic-0"), CONFIG, environment);
    }

    private PartitionLog work(PartitionLog log) {
        switch (random.nextInt(28)) {
            case 0 -> {
                assertThat(log.flush()).isEqualTo(end);
                checkpointed = !batches.isEmpty();
            }
            case 1 -> {
                log.checkpoint(0);
                durableLogStart = logStart;
            }
            case 2 -> {
                log.start().applyRetention(durable);
                if (random.nextBoolean()) {
                    log.checkpoint(1000);
                    durableLogStart = log.logStartOffset();
                }
                logStart = log.logStartOffset();
                assertThat(logStart).isLessThanOrEqualTo(durable);
            }
            case 3 -> {
                logStart += random.nextInt((int) (end - logStart) / 3 + 1);
                log.start().advanceTo(logStart);
                durableLogStart = logStart;
            }
            case 4 -> {
                return restart(log);
            }
            case 5 -> {
                return runFull(log);
            }
            case 6 -> {
                return failToFlush(log);
            }
            case 7 -> {
                return losePower(log);
            }
            case 8 -> {
                epoch++;
                if (random.nextBoolean()) {
                    log.replication().beginEpoch(epoch);
                }
            }
            case 9 -> truncate(log);
            case 10, 11, 12 -> appendAsFollower(log);
            default -> append(log);
        }
        return log;
    }

    private void append(PartitionLog log) {
        long base = end;
        ByteBuffer together = nextBatches();
        assertThat(log.append(together, epoch)).isEqualTo(new AppendResult(base, end - 1, logStart));
    }

    /** Adds the returned batches to the model. */
    private ByteBuffer nextBatches() {
        ByteBuffer[] together = new ByteBuffer[1 + random.nextInt(3)];
        for (int i = 0; i < together.length; i++) {
            timestamp += random.nextInt(40) - 10;
            together[i] = Batches.batch(1 + random.nextInt(5), random.nextInt(300), timestamp);
            ByteBuffer stored = ByteBuffer.wrap(Arrays.copyOf(together[i].array(), together[i].limit()));
            BatchHeader.assign(stored, 0, end, epoch);
            add(stored);
        }
        return Batches.together(together);
    }

    private void add(ByteBuffer stored) {
        long last = BatchHeader.lastOffset(stored, 0);
        batches.add(new Expected(BatchHeader.baseOffset(stored, 0), last, timestamp, stored));
        end = last + 1;
    }

    /** Batches of a leader whose log is compacted. */
    private void appendAsFollower(PartitionLog log) {
        ByteBuffer[] together = new ByteBuffer[1 + random.nextInt(3)];
        for (int i = 0; i < together.length; i++) {
            timestamp += random.nextInt(40) - 10;
            together[i] = Batches.batch(1 + random.nextInt(5), random.nextInt(300), timestamp);
            epoch += random.nextInt(8) == 0 ? 1 : 0;
            int gap = random.nextInt(4) == 0 ? random.nextInt(9) : 0;
            gaps |= gap > 0;
            BatchHeader.assign(together[i], 0, end + gap, epoch);
            add(together[i]);
        }
        ByteBuffer bytes = Batches.together(together);
        assertThat(log.replication().appendAsFollower(bytes).lastOffset()).isEqualTo(end - 1);
        assertThatThrownBy(() -> log.replication().appendAsFollower(bytes))
                .isInstanceOf(UnexpectedOffsetException.class);
    }

    /** With gaps, the end may be before or after the gap. */
    private void truncate(PartitionLog log) {
        long offset = Math.max(0, end - random.nextInt(40));
        log.replication().truncateTo(offset);
        if (offset < end) {
            batches.removeIf(batch -> batch.lastOffset() >= offset);
            long last = batches.isEmpty() ? 0 : batches.get(batches.size() - 1).lastOffset() + 1;
            if (log.logEndOffset() == log.logStartOffset()) {
                assertThat(last).isLessThanOrEqualTo(logStart);
                logStart = Math.min(logStart, offset);
                durableLogStart = logStart;
                batches.clear();
                end = logStart;
            } else {
                assertThat(log.logEndOffset()).isBetween(last, offset);
                end = log.logEndOffset();
            }
            durable = Math.min(durable, end);
        }
    }

    private PartitionLog restart(PartitionLog log) {
        log.close();
        assertThat(files.openFiles()).isZero();
        PartitionLog again = open();
        assertThat(again.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
        durableLogStart = logStart;
        return again;
    }

    /**
     * The disk has room for only a part of an append; the whole batches of this part exist after the next opening. They
     * are fewer if the log's first checkpoint, which is written before the second segment, used the same room.
     */
    private PartitionLog runFull(PartitionLog log) {
        long before = end;
        ByteBuffer together = nextBatches();
        int fits = random.nextInt(together.remaining());
        files.fullAfter(fits);
        assertThatThrownBy(() -> log.append(together, epoch)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> log.append(Batches.batch(1, 1, 1), epoch)).isInstanceOf(StorageException.class);
        assertThatThrownBy(log::flush).isInstanceOf(StorageException.class);
        log.close();
        files.fullAfter(Integer.MAX_VALUE);
        boolean exactly = checkpointed && !gaps;
        PartitionLog again = open();
        int written = 0;
        for (Expected batch : List.copyOf(batches)) {
            if (batch.baseOffset() >= before) {
                written += batch.bytes().remaining();
                if (written > fits || (!exactly && batch.baseOffset() >= again.logEndOffset())) {
                    batches.remove(batch);
                }
            }
        }
        end = batches.isEmpty()
                ? before
                : Math.max(before, batches.get(batches.size() - 1).lastOffset() + 1);
        return again;
    }

    private PartitionLog failToFlush(PartitionLog log) {
        append(log);
        files.failForce(true);
        assertThatThrownBy(log::flush).isInstanceOf(StorageException.class);
        files.failForce(false);
        assertThatThrownBy(log::flush).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> log.append(Batches.batch(1, 1, 1), epoch)).isInstanceOf(StorageException.class);
        log.close();
        return open();
    }

    private PartitionLog losePower(PartitionLog log) {
        files.fullAfter(0);
        assertThatThrownBy(() -> log.append(Batches.batch(1, 1, 1), epoch)).isInstanceOf(StorageException.class);
        log.close();
        files.crash(random);
        PartitionLog again = open();
        assertThat(again.logEndOffset()).isBetween(durable, end);
        end = again.logEndOffset();
        batches.removeIf(batch -> batch.baseOffset() >= end);
        assertThat(again.logStartOffset()).isBetween(durableLogStart, logStart);
        logStart = again.logStartOffset();
        durableLogStart = logStart;
        return again;
    }

    private void read(PartitionLog log) {
        boolean goesOn = random.nextInt(3) > 0 && readTo >= logStart && readTo <= end;
        long offset = goesOn ? readTo : logStart + random.nextInt((int) (end - logStart) + 1);
        long endOffset = random.nextBoolean() ? end : durable;
        int maxBytes = 1 + random.nextInt(3000);
        boolean atLeastOne = random.nextBoolean();
        log.isHot(offset, 1000);
        byte[] bytes = Batches.bytes(log.read(offset, maxBytes, atLeastOne, endOffset));
        List<Expected> readable = batches.stream()
                .filter(batch -> batch.lastOffset() >= offset && batch.lastOffset() < endOffset)
                .toList();
        if (readable.isEmpty()) {
            assertThat(bytes).isEmpty();
            return;
        }
        int size = 0;
        for (Expected batch : readable) {
            int next = size + batch.bytes().remaining();
            if (next > bytes.length) {
                break;
            }
            assertThat(ByteBuffer.wrap(bytes, size, next - size)).isEqualTo(batch.bytes());
            size = next;
            readTo = batch.lastOffset() + 1;
        }
        int first = readable.get(0).bytes().remaining();
        assertThat(bytes).hasSize(size);
        assertThat(size).isLessThanOrEqualTo(atLeastOne ? Math.max(maxBytes, first) : maxBytes);
        if (first <= maxBytes || atLeastOne) {
            assertThat(size).isPositive();
        }
    }

    private void find(PartitionLog log) {
        long wanted = timestamp - random.nextInt(1000);
        Optional<Expected> expected = batches.stream()
                .filter(batch -> batch.lastOffset() >= logStart && batch.timestamp() >= wanted)
                .findFirst();
        assertThat(log.times().firstAtOrAfter(wanted, 0, Long.MAX_VALUE).map(TimestampOffset::offset))
                .isEqualTo(expected.map(Expected::baseOffset));
    }
}
