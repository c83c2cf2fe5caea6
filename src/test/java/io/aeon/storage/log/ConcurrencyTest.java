package io.aeon.storage.log;

import static io.aeon.storage.batch.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.storage.batch.Batches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.MapBudget;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One owner that appends, rolls and removes, with a concurrent thread that flushes and threads that read. */
class ConcurrencyTest {
    private static final int APPENDS = 2000;
    private static final LogConfig CONFIG =
            new LogConfig(20_000, Long.MAX_VALUE, 500, 1 << 20, -1, 100_000, 0, true, Long.MAX_VALUE);

    @TempDir
    private Path temp;

    private final FaultyFiles files = new FaultyFiles();
    private final LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(3), files);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean finished;

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void readersSeeWholeBatchesInOrderWhateverTheOthersDo() throws ExecutionException, InterruptedException {
        PartitionLog log = PartitionLog.open(temp.resolve("topic-0"), CONFIG, environment);
        List<Future<?>> others = List.of(
                threads.submit(() -> flush(log)),
                threads.submit(() -> follow(log)),
                threads.submit(() -> jumpAbout(log, new Random(1))),
                threads.submit(() -> jumpAbout(log, new Random(2))));
        for (int i = 0; i < APPENDS; i++) {
            log.append(batch(1 + i % 3, 50 + i % 200, i), 0);
            if (i % 50 == 0) {
                log.start().applyRetention(log.durableOffset());
            }
        }
        finished = true;
        for (Future<?> other : others) {
            other.get();
        }
        log.close();
        assertThat(files.openFiles()).isZero();
        assertThat(environment.maps().used()).isZero();
    }

    @Test
    void aSegmentIsRolledWhileAnotherThreadWaitsForTheDisk() throws Exception {
        PartitionLog log = PartitionLog.open(temp.resolve("topic-0"), CONFIG, environment);
        log.append(batch(1, 200, 0), 0);
        log.flush();
        log.append(batch(1, 200, 0), 0);
        CompletableFuture<Void> letGo = new CompletableFuture<>();
        files.holdForces(letGo);
        try {
            Future<Long> flushed = threads.submit(log::flush);
            await().until(files::holdsAForce);
            Future<?> appended = threads.submit(() -> {
                for (int i = 0; i < 200; i++) {
                    log.append(batch(1, 200, 0), 0);
                }
            });
            appended.get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(log.hasUnflushedRoll()).isTrue();
            assertThat(flushed).isNotDone();
        } finally {
            letGo.complete(null);
        }
        log.close();
    }

    private void flush(PartitionLog log) {
        while (!finished) {
            long before = log.durableOffset();
            assertThat(log.flush()).isGreaterThanOrEqualTo(before);
        }
    }

    private void follow(PartitionLog log) {
        long next = 0;
        while (!finished || next < log.logEndOffset()) {
            try {
                List<RecordBatch> batches = Batches.batches(log.read(next, 10_000, true, Long.MAX_VALUE));
                for (RecordBatch batch : batches) {
                    assertThat(batch.baseOffset()).isEqualTo(next);
                    next = batch.nextOffset();
                }
            } catch (OffsetOutOfRangeException e) {
                next = log.logStartOffset();
            }
        }
    }

    private void jumpAbout(PartitionLog log, Random random) {
        while (!finished) {
            long start = log.logStartOffset();
            long offset = start + random.nextInt((int) (log.logEndOffset() - start) + 1);
            long end = log.durableOffset();
            try {
                log.isHot(offset, 1000);
                long expected = -1;
                for (RecordBatch batch : Batches.batches(log.read(offset, 5_000, random.nextBoolean(), end))) {
                    assertThat(batch.lastOffset()).isBetween(offset, end - 1);
                    assertThat(expected < 0 || batch.baseOffset() == expected).isTrue();
                    expected = batch.nextOffset();
                }
                log.times().firstAtOrAfter(random.nextInt(APPENDS), 0, end);
                log.times().maxTimestamp(0);
            } catch (OffsetOutOfRangeException e) {
                assertThat(log.logStartOffset()).isGreaterThan(offset);
            }
        }
    }
}
