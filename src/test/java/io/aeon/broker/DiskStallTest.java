package io.aeon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiskStallTest {
    private static final int THREADS = 2;

    private final ForkJoinPool pool = new ForkJoinPool(THREADS);
    private final DiskStall stall = new DiskStall(pool);
    private final CountDownLatch letGo = new CountDownLatch(1);

    @AfterEach
    void stop() {
        letGo.countDown();
        pool.shutdown();
    }

    @Test
    void writesThatEndAreNoStall() {
        stall.look();
        assertThat(stall.watched(() -> "written")).isEqualTo("written");
        stall.look();

        assertThat(stall.stall()).isNull();
    }

    @Test
    void aWriteThatLastsFromOneLookToTheNextIsAStallUntilItEnds() {
        holdAllThreads();
        stall.look();
        assertThat(stall.stall()).isNull();
        stall.look();
        CompletableFuture<Void> over = stall.stall();
        assertThat(over).isNotNull().isNotDone();

        letGo.countDown();
        pool.awaitQuiescence(10, TimeUnit.SECONDS);
        stall.look();

        assertThat(over).isDone();
        assertThat(stall.stall()).isNull();
    }

    @Test
    void theWorkOfTheHeldThreadsIsDoneByAnother() {
        holdAllThreads();
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> "done", pool);
        stall.look();
        stall.look();

        assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("done");
    }

    @Test
    void aWriteThatFailsHasEnded() {
        try {
            stall.watched(() -> {
                throw new IllegalStateException("failed");
            });
        } catch (IllegalStateException expected) {
            stall.look();
        }
        stall.look();

        assertThat(stall.stall()).isNull();
    }

    private void holdAllThreads() {
        CountDownLatch held = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            pool.execute(() -> stall.watched(() -> {
                held.countDown();
                return awaited(letGo);
            }));
        }
        assertThat(awaited(held)).isTrue();
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
