package io.aeon.storage.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.Batches;
import io.aeon.storage.batch.TransactionalBatches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.storage.internals.log.BatchMetadata;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the producers of a log with Kafka's own producer state: random valid and invalid batches and markers, clean
 * restarts, power cuts, retention, and damaged or missing files.
 */
class ProducerModelTest {
    private static final int STEPS = 250;
    private static final int PRODUCERS = 4;
    private static final LogConfig CONFIG =
            new LogConfig(1500, Long.MAX_VALUE, 200, 1 << 20, -1, -1, 0, true, Long.MAX_VALUE);

    @TempDir
    private Path temp;

    private final FaultyFiles files = new FaultyFiles();
    private final LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(4), files);
    private final List<ByteBuffer> appended = new ArrayList<>();
    private KafkaProducers kafka = new KafkaProducers();
    private Random random = new Random();
    private long timestamp = 1000;
    private long stableBefore;

    @RepeatedTest(value = 15, name = "seed {currentRepetition}")
    void behavesLikeKafkasProducerState(RepetitionInfo repetition) throws IOException {
        random = new Random(repetition.getCurrentRepetition());
        PartitionLog log = open();
        for (int step = 0; step < STEPS; step++) {
            log = work(log);
            compare(log);
        }
        log.close();
        assertThat(files.openFiles()).isZero();
    }

    private PartitionLog open() {
        return PartitionLog.open(directory(), CONFIG, environment);
    }

    private Path directory() {
        return temp.resolve("topic-0");
    }

    private PartitionLog work(PartitionLog log) throws IOException {
        switch (random.nextInt(40)) {
            case 0, 1, 2 -> log.flush();
            case 3, 4 -> log.checkpoint(0);
            case 5 -> {
                log.close();
                return open();
            }
            case 6 -> {
                log.close();
                damage();
                return open();
            }
            case 7, 8 -> {
                return losePower(log);
            }
            case 9 -> advanceLogStart(log);
            case 10, 11, 12, 13, 14, 15 -> appendMarker(log);
            case 16, 17 -> append(log, Batches.batch(1 + random.nextInt(3), 40, timestamp++));
            default -> appendData(log);
        }
        return log;
    }

    private void appendData(PartitionLog log) {
        long id = random.nextInt(PRODUCERS);
        int epoch = Math.max(0, kafka.epoch(id) + unlikely());
        int sequence = epoch == kafka.epoch(id) ? kafka.nextSequence(id) : 0;
        boolean transactional = kafka.hasOpenTransaction(id) ? random.nextInt(20) > 0 : random.nextBoolean();
        int count = 1 + random.nextInt(4);
        if (random.nextInt(6) == 0) {
            sequence = Math.max(0, sequence - random.nextInt(6));
        } else if (random.nextInt(20) == 0) {
            sequence = Integer.MAX_VALUE - random.nextInt(3);
        }
        if (transactional && random.nextInt(8) == 0) {
            append(log, TransactionalBatches.ofCoordinator(id, epoch, count, timestamp++));
            return;
        }
        ByteBuffer batch = transactional
                ? TransactionalBatches.transactional(id, epoch, sequence, count, timestamp++)
                : TransactionalBatches.idempotent(id, epoch, sequence, count, timestamp++);
        append(log, batch);
    }

    private void append(PartitionLog log, ByteBuffer batch) {
        long end = log.logEndOffset();
        KafkaProducers.Verdict expected = kafka.append(batch, end);
        if (expected.refused() != null) {
            assertThatThrownBy(() -> log.append(batch, 0))
                    .isInstanceOfSatisfying(
                            RefusedAppendException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(expected.refused()));
        } else {
            AppendResult result = log.append(batch, 0);
            assertThat(result.baseOffset()).isEqualTo(expected.baseOffset());
            assertThat(log.logEndOffset()).isEqualTo(expected.duplicate() ? end : result.lastOffset() + 1);
        }
        remember(batch, log.logEndOffset() > end);
    }

    private void appendMarker(PartitionLog log) {
        long id = random.nextInt(PRODUCERS);
        int version = random.nextInt(3);
        int epoch = Math.max(0, kafka.epoch(id) + (version == 2 ? 1 : 0) + unlikely());
        ByteBuffer marker =
                TransactionalBatches.marker(id, epoch, Math.max(0, 3 + unlikely()), random.nextBoolean(), timestamp++);
        long end = log.logEndOffset();
        KafkaProducers.Verdict expected = kafka.appendMarker(marker, end, version);
        if (expected.refused() != null) {
            assertThatThrownBy(() -> log.appendMarker(marker, 0, version))
                    .isInstanceOfSatisfying(
                            RefusedAppendException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(expected.refused()));
        } else {
            assertThat(log.appendMarker(marker, 0, version).baseOffset()).isEqualTo(end);
        }
        remember(marker, log.logEndOffset() > end);
    }

    private void remember(ByteBuffer batch, boolean isAppended) {
        if (isAppended) {
            appended.add(batch);
        }
    }

    private int unlikely() {
        return random.nextInt(12) == 0 ? random.nextInt(3) - 1 : 0;
    }

    private void advanceLogStart(PartitionLog log) {
        long room = log.durableOffset() - log.logStartOffset();
        log.start().advanceTo(log.logStartOffset() + random.nextInt((int) room / 4 + 1));
    }

    /** The states that are rebuilt from the log are complete only if the log is complete. */
    private void damage() throws IOException {
        if (Files.notExists(directory().resolve("00000000000000000000.log"))) {
            return;
        }
        try (Stream<Path> all = Files.list(directory())) {
            for (Path file : all.sorted().toList()) {
                String name = file.getFileName().toString();
                if ((name.endsWith(".snapshot") || name.endsWith(".txnindex")) && random.nextBoolean()) {
                    damage(file);
                }
            }
        }
    }

    private void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (random.nextInt(4)) {
            case 0 -> files.delete(file);
            case 1 -> replace(file, new byte[0]);
            case 2 -> replace(file, new byte[bytes.length + 34]);
            default -> {
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] ^= 4;
                    replace(file, bytes);
                }
            }
        }
    }

    private void replace(Path path, byte[] bytes) throws IOException {
        try (LogFile file = files.openForWriting(path)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(bytes), 0);
            file.force();
        }
    }

    private PartitionLog losePower(PartitionLog log) throws IOException {
        long durable = log.durableOffset();
        files.fullAfter(0);
        assertThatThrownBy(() -> log.append(Batches.batch(1, 1, 1), 0)).isInstanceOf(StorageException.class);
        log.close();
        files.crash(random);
        PartitionLog again = open();
        assertThat(again.logEndOffset()).isGreaterThanOrEqualTo(durable);
        appended.removeIf(batch -> BatchHeader.baseOffset(batch, 0) >= again.logEndOffset());
        kafka = new KafkaProducers();
        appended.forEach(kafka::replay);
        return again;
    }

    private void compare(PartitionLog log) {
        long highWatermark = log.durableOffset();
        assertThat(sorted(log.producers().active())).isEqualTo(sorted(kafka.active()));
        long stable = log.lastStableOffset(highWatermark);
        assertThat(stable).isEqualTo(kafka.lastStableOffset(highWatermark, log.logStartOffset()));
        assertThat(stable).isGreaterThanOrEqualTo(stableBefore);
        stableBefore = stable;
        long from = log.logStartOffset();
        List<AbortedTransaction> aborted = log.producers().abortedIn(from, Long.MAX_VALUE);
        assertThat(aborted).isEqualTo(kafka.aborted(from));
        long to = from + random.nextInt((int) (log.logEndOffset() - from) + 1);
        assertThat(log.producers().abortedIn(from, to))
                .isEqualTo(
                        aborted.stream().filter(each -> each.firstOffset() < to).toList());
        repeatBatches(log);
    }

    private void repeatBatches(PartitionLog log) {
        for (long id = 0; id < PRODUCERS; id++) {
            for (BatchMetadata batch : kafka.lastBatches(id)) {
                if (batch.firstSeq() >= 0 && batch.lastSeq() >= 0) {
                    ByteBuffer again = TransactionalBatches.idempotent(
                            id, kafka.epoch(id), batch.firstSeq(), batch.offsetDelta() + 1, 1);
                    assertThat(log.append(again, 0))
                            .isEqualTo(new AppendResult(
                                    batch.firstOffset(), batch.lastOffset(), log.logStartOffset(), batch.timestamp()));
                }
            }
        }
    }

    private static List<ActiveProducer> sorted(List<ActiveProducer> producers) {
        return producers.stream()
                .sorted(Comparator.comparingLong(ActiveProducer::producerId))
                .toList();
    }
}
