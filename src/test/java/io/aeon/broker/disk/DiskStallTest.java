package io.aeon.broker.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.PatientWaits;
import io.aeon.threads.WorkerPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiskStallTest {
    private static final int THREADS = 2;

    private final WorkerPool pool = new WorkerPool("held", THREADS);
    private final AtomicLong nanos = new AtomicLong();
    private final DiskStall stall = new DiskStall(pool, nanos::get);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final CountDownLatch back = new CountDownLatch(1);

    @BeforeEach
    void start() {
        pool.start();
    }

    @AfterEach
    void stop() {
        letGo.countDown();
        pool.close();
    }

    @Test
    void aFastDiskCausesNoStall() {
        hold(THREADS);
        pass(99);
        stall.look();

        assertThat(stall.stall()).isNull();
    }

    @Test
    void aStallLastsUntilTheDiskResponds() {
        hold(1);
        pass(100);
        stall.look();
        CompletableFuture<Void> over = stall.stall();
        assertThat(over).isNotNull().isNotDone();
        stall.look();
        assertThat(stall.stall()).isSameAs(over);

        letGo.countDown();
        awaited(back);
        stall.look();

        assertThat(over).isDone();
        assertThat(stall.stall()).isNull();
    }

    @Test
    void substitutesRunThePoolsTasksEvenIfTheyAreBlockedInTurn() {
        hold(THREADS);
        pass(100);
        stall.look();
        hold(THREADS);
        pass(100);
        stall.look();

        assertThat(PatientWaits.done(CompletableFuture.supplyAsync(() -> "done", pool)))
                .isEqualTo("done");
    }

    @Test
    void blockedThreadsOutsideThePoolAreNoStall() {
        stall.begins();
        pass(1000);
        stall.look();

        assertThat(stall.stall()).isNull();
    }

    private void pass(int millis) {
        nanos.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    private void hold(int threads) {
        CountDownLatch held = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            pool.execute(() -> {
                stall.begins();
                held.countDown();
                awaited(letGo);
                stall.ends();
                back.countDown();
            });
        }
        awaited(held);
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
