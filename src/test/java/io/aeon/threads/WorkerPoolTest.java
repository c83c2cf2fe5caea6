package io.aeon.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerPoolTest {
    private static final int SECONDS = 60;

    private WorkerPool pool = new WorkerPool("unused", 1);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void submittedTasksRunOnTheSameThreadAndTheWaitForTheNetworkRunsLast() {
        start(1);
        Queue<String> done = new ConcurrentLinkedQueue<>();
        pool.execute(() -> {
            pool.executeWait(() -> done.add("wait"));
            pool.execute(() -> {
                pool.execute(() -> done.add("third"));
                done.add("second");
            });
            done.add("first");
        });

        await().untilAsserted(() -> assertThat(done).containsExactly("first", "second", "third", "wait"));
    }

    @Test
    void allThreadsWorkWhenThereAreEnoughTasks() {
        start(4);
        CyclicBarrier together = new CyclicBarrier(4);
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            pool.execute(() -> {
                meet(together);
                done.countDown();
            });
        }

        reached(done);
    }

    @Test
    void manySubmittedTasksAreSharedByAllThreads() {
        start(2);
        CyclicBarrier together = new CyclicBarrier(2);
        CountDownLatch done = new CountDownLatch(10);
        pool.execute(() -> {
            for (int i = 0; i < 10; i++) {
                pool.execute(() -> {
                    meet(together);
                    done.countDown();
                });
            }
        });

        reached(done);
    }

    @RepeatedTest(20)
    void tasksDoNotWaitBehindALongTaskAlsoAfterAllThreadsSlept() {
        start(2);
        asleep();
        CountDownLatch networkReached = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        pool.execute(() -> {
            pool.executeWait(networkReached::countDown);
            pool.execute(end::countDown);
            reached(end);
            reached(networkReached);
            ended.countDown();
        });

        reached(ended);
    }

    @Test
    void theNetworkIsServedWhenOneTaskNeverEndsAndAnotherThreadIsAlwaysBusy() {
        start(2);
        CountDownLatch there = new CountDownLatch(1);
        AtomicBoolean enough = new AtomicBoolean();
        pool.execute(() -> again(enough));
        pool.execute(() -> {
            pool.executeWait(there::countDown);
            reached(there);
            enough.set(true);
        });

        reached(there);
    }

    @Test
    void theTasksOfAThreadThatWaitsForTheNetworkRunOnOtherThreads() {
        start(2);
        AtomicBoolean enough = new AtomicBoolean();
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch comes = new CountDownLatch(1);
        Runnable afterTheWait = () -> {
            reached(waiting);
            comes.countDown();
        };
        pool.execute(() -> again(enough));
        pool.execute(() -> {
            pool.executeWait(() -> {
                waiting.countDown();
                reached(comes);
                enough.set(true);
            });
            for (int i = 0; i < 100; i++) {
                pool.execute(() -> {});
            }
            pool.execute(afterTheWait);
        });

        reached(comes);
    }

    @Test
    void shortTasksOfTheNetworkRunOneAfterTheOtherOnABusyThread() {
        start(1);
        Queue<String> done = new ConcurrentLinkedQueue<>();
        pool.execute(() -> {
            waits(10, done);
            for (int i = 0; i < 100; i++) {
                pool.execute(() -> done.add("request"));
            }
        });

        await().untilAsserted(() -> assertThat(done).hasSize(110));
        List<String> order = List.copyOf(done);
        int first = order.indexOf("wait");
        assertThat(first).isLessThan(100);
        assertThat(order.subList(first, first + 10)).containsOnly("wait");
    }

    /** Each wait adds the next one, as Akka's selector does. */
    private void waits(int count, Queue<String> done) {
        pool.executeWait(() -> {
            done.add("wait");
            if (count > 1) {
                waits(count - 1, done);
            }
        });
    }

    @Test
    void yieldingTasksRunAfterAllOthersAndAfterTheNetwork() {
        start(1);
        Queue<String> done = new ConcurrentLinkedQueue<>();
        pool.execute(() -> {
            pool.executeYielding(() -> done.add("yielding"));
            pool.execute(() -> pool.execute(() -> done.add("second")));
            pool.execute(() -> done.add("first"));
            pool.executeWait(() -> done.add("wait"));
        });

        await().untilAsserted(() -> assertThat(done).containsExactly("first", "second", "wait", "yielding"));
    }

    @RepeatedTest(20)
    void aYieldingTaskRunsWhileAThreadWaitsForTheNetwork() {
        start(2);
        asleep();
        CountDownLatch comes = new CountDownLatch(1);
        CountDownLatch waited = new CountDownLatch(1);
        pool.execute(() -> {
            pool.executeYielding(comes::countDown);
            pool.executeWait(() -> {
                reached(comes);
                waited.countDown();
            });
        });

        reached(waited);
    }

    @Test
    void yieldingTasksHaveTheirTurnBesideAThreadsOwnTasksWithoutEnd() {
        start(1);
        AtomicBoolean enough = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(1);
        pool.execute(() -> again(enough));
        pool.executeWait(() -> waitAgain(enough));
        pool.executeYielding(done::countDown);

        reached(done);
        enough.set(true);
    }

    @Test
    void yieldingTasksHaveTheirTurnBesideTasksOfOtherThreadsWithoutEnd() throws InterruptedException {
        start(1);
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger given = new AtomicInteger();
        Thread giver = new Thread(() -> {
            while (done.getCount() > 0) {
                if (given.get() < 2) {
                    given.incrementAndGet();
                    pool.execute(() -> {
                        while (given.get() < 2 && done.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                        given.decrementAndGet();
                    });
                }
            }
        });
        giver.start();
        await().untilAsserted(() -> assertThat(given).hasValue(2));
        pool.executeYielding(done::countDown);

        reached(done);
        giver.join();
    }

    @Test
    void aPoolWithNothingToDoSleeps() {
        start(3);
        CountDownLatch done = new CountDownLatch(1);
        pool.execute(done::countDown);
        reached(done);

        asleep();
    }

    @Test
    void aFailedTaskIsReportedAndEndsNoThread() {
        start(1);
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        pool.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        CountDownLatch done = new CountDownLatch(1);
        pool.execute(() -> {
            throw new IllegalStateException("failed");
        });
        pool.execute(() -> {
            throw new LinkageError("worse");
        });
        pool.execute(done::countDown);

        reached(done);
        assertThat(failures).extracting(Throwable::getMessage).containsExactly("failed", "worse");
    }

    @Test
    void anInterruptAffectsOnlyOneTask() {
        start(1);
        Queue<Boolean> interrupted = new ConcurrentLinkedQueue<>();
        pool.execute(() -> Thread.currentThread().interrupt());
        pool.execute(() -> interrupted.add(Thread.currentThread().isInterrupted()));

        await().untilAsserted(() -> assertThat(interrupted).containsExactly(false));
    }

    @Test
    void helpRunsAWaitingTask() {
        pool = new WorkerPool("helped", 1);
        Queue<String> done = new ConcurrentLinkedQueue<>();
        pool.executeYielding(() -> done.add("yielding"));
        pool.executeWait(() -> done.add("wait"));
        pool.execute(() -> {
            pool.execute(() -> done.add("second"));
            done.add("first");
        });

        assertThat(pool.help()).isTrue();
        assertThat(done).containsExactly("first");
        assertThat(pool.help()).isTrue();
        assertThat(pool.help()).isTrue();
        assertThat(pool.help()).isTrue();
        assertThat(pool.help()).isFalse();

        assertThat(done).containsExactly("first", "second", "wait", "yielding");
    }

    @Test
    void aClosedPoolRunsItsTasksAcceptsNoMoreAndEnds() {
        pool = new WorkerPool("closed", 1);
        CountDownLatch done = new CountDownLatch(2);
        pool.execute(done::countDown);
        pool.executeYielding(done::countDown);
        pool.close();
        pool.start();

        reached(done);
        await().until(() -> pool.workers().stream().noneMatch(Thread::isAlive));
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> pool.executeYielding(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aThreadKnowsItsPool() {
        start(1);
        Queue<WorkerPool> pools = new ConcurrentLinkedQueue<>();
        pool.execute(() -> pools.add(WorkerPool.ofThisThread()));

        await().untilAsserted(() -> assertThat(pools).containsExactly(pool));
        assertThat(WorkerPool.ofThisThread()).isNull();
        assertThat(pool.isWorker(Thread.currentThread())).isFalse();
    }

    /**
     * Trees of tasks from several threads; each task submits others, half of which yield, and the wait again and again.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyTaskRunsOnce(int threads) throws InterruptedException {
        start(threads);
        long seed = new Random().nextLong();
        AtomicInteger given = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        pool.executeWait(new Runnable() {
            @Override
            public void run() {
                if (!enough.get()) {
                    pool.executeWait(this);
                }
            }
        });
        List<Thread> givers =
                List.of(new Thread(() -> grow(seed, given, done)), new Thread(() -> grow(~seed, given, done)));
        givers.forEach(Thread::start);
        for (Thread giver : givers) {
            giver.join();
        }

        await().untilAsserted(() -> assertThat(done).as("seed %d", seed).hasValue(given.get()));
        enough.set(true);
        await().untilAsserted(() -> assertThat(pool.nobodyWaits()).isFalse());
        assertThat(done).as("seed %d", seed).hasValue(given.get());
    }

    private void grow(long seed, AtomicInteger given, AtomicInteger done) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            tree(random.nextInt(12), random.nextInt(4), given, done);
        }
    }

    private void tree(int width, int depth, AtomicInteger given, AtomicInteger done) {
        given.incrementAndGet();
        Executor to = depth % 2 == 0 ? pool : pool::executeYielding;
        to.execute(() -> {
            for (int i = 0; depth > 0 && i < width; i++) {
                tree(width / 2, depth - 1, given, done);
            }
            done.incrementAndGet();
        });
    }

    private void waitAgain(AtomicBoolean enough) {
        if (!enough.get()) {
            pool.executeWait(() -> waitAgain(enough));
        }
    }

    private void again(AtomicBoolean enough) {
        if (enough.get()) {
            return;
        }
        try {
            pool.execute(() -> again(enough));
        } catch (RejectedExecutionException e) {
            // The test has ended and closed the pool.
            enough.set(true);
        }
    }

    private void start(int threads) {
        pool = new WorkerPool("test", threads);
        pool.start();
    }

    private void asleep() {
        await().untilAsserted(
                        () -> assertThat(pool.workers()).allMatch(worker -> worker.getState() == Thread.State.WAITING));
    }

    private static void reached(CountDownLatch latch) {
        try {
            assertThat(latch.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
