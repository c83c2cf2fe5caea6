package io.aeon.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BlockingPoolTest {
    private final BlockingPool pool = new BlockingPool("test-blocking", 2);
    private final CountDownLatch disk = new CountDownLatch(1);

    @AfterEach
    void end() {
        disk.countDown();
        pool.close();
    }

    @Test
    void closeWaitsForTasksAndForTheTasksThatTheyNeed() {
        CompletableFuture<Thread> last =
                CompletableFuture.runAsync(this::hang, pool).thenApplyAsync(nothing -> Thread.currentThread(), pool);
        CompletableFuture<Boolean> wasDone = new CompletableFuture<>();
        Thread closer = new Thread(() -> {
            pool.close();
            wasDone.complete(last.isDone());
        });
        closer.start();
        await().until(() -> closer.getState() == Thread.State.WAITING);
        assertThat(wasDone).isNotDone();

        disk.countDown();

        assertThat(wasDone).succeedsWithin(PatientWaits.LIMIT).isEqualTo(true);
        assertThat(last).isCompleted();
    }

    @Test
    void aTaskThatThrowsDelaysNoOther() {
        pool.execute(() -> {
            throw new IllegalStateException("broken by the test");
        });

        assertThat(CompletableFuture.runAsync(() -> {}, pool)).succeedsWithin(PatientWaits.LIMIT);
    }

    @Test
    void anUnusedPoolClosesAndAClosedOneRefusesTasks() {
        pool.close();
        pool.close();

        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private void hang() {
        try {
            disk.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
