package io.aeon.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.Cancellable;
import akka.actor.Scheduler;
import akka.event.NoLogging;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.ExecutionContext;

class TimersTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration LATE = Duration.ofHours(1);

    private final Timers timers = new Timers(ConfigFactory.empty(), NoLogging.getInstance(), Thread::new);
    private final Queue<String> done = new ConcurrentLinkedQueue<>();
    private final ExecutionContext here = ExecutionContext.fromExecutor(Runnable::run);

    @AfterEach
    void close() {
        timers.close();
    }

    @Test
    void aTimerThatIsDueBeforeTheOthersIsNotLate() {
        timers.scheduleOnce(LATE, () -> done.add("late"), here);
        timers.scheduleOnce(SOON, () -> done.add("soon"), here);

        await().untilAsserted(() -> assertThat(done).containsExactly("soon"));
    }

    @Test
    void aTimerIsCancelledOnce() {
        Cancellable cancelled = timers.scheduleOnce(LATE, () -> done.add("cancelled"), here);
        assertThat(cancelled.cancel()).isTrue();
        assertThat(cancelled.isCancelled()).isTrue();
        assertThat(cancelled.cancel()).isFalse();
    }

    @Test
    void aRepeatedTaskRunsUntilItIsCancelled() {
        AtomicInteger times = new AtomicInteger();
        Cancellable repeated = timers.scheduleAtFixedRate(SOON, SOON, times::incrementAndGet, here);
        await().untilAsserted(() -> assertThat(times).hasValueGreaterThan(3));

        assertThat(repeated.cancel()).isTrue();
        assertThat(repeated.isCancelled()).isTrue();
    }

    @Test
    void aRepeatedTaskEndsWhenItFails() {
        AtomicInteger times = new AtomicInteger();
        Cancellable repeated = timers.scheduleAtFixedRate(
                SOON,
                SOON,
                () -> {
                    times.incrementAndGet();
                    throw new IllegalStateException("failed");
                },
                here);
        AtomicInteger later = new AtomicInteger();
        timers.scheduleWithFixedDelay(SOON, SOON, later::incrementAndGet, here);

        await().untilAsserted(() -> assertThat(later).hasValueGreaterThan(10));
        assertThat(times).hasValue(1);
        assertThat(repeated.isCancelled()).isFalse();
    }

    @Test
    void closingRunsOnlyMandatoryTasks() {
        timers.scheduleOnce(LATE, () -> done.add("lost"), here);
        timers.scheduleOnce(LATE, (Scheduler.TaskRunOnClose) () -> done.add("kept"), here);
        timers.scheduleOnce(LATE, (Scheduler.TaskRunOnClose) () -> done.add("cancelled"), here)
                .cancel();

        timers.close();
        timers.close();

        assertThat(done).containsExactly("kept");
        assertThatThrownBy(() -> timers.scheduleOnce(SOON, () -> {}, here)).isInstanceOf(IllegalStateException.class);
    }
}
