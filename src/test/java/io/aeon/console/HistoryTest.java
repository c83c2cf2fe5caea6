package io.aeon.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.Timer;
import io.aeon.console.Traffic.Rates;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final Deque<Runnable> due = new ArrayDeque<>();
    private final Timer timer = (delay, task) -> {
        due.add(task);
        return () -> due.remove(task);
    };
    private Traffic traffic = new Traffic(0, 0, 0);
    private long nanos;

    @Test
    void aPointIsWhatWasTakenInASecondSinceThePointBefore() {
        History history = new History(() -> traffic, timer, () -> nanos);

        pass(Duration.ofSeconds(10), new Traffic(100, 5_000, 0));
        pass(Duration.ofSeconds(20), new Traffic(100, 5_000, 4_000));

        assertThat(history.points()).containsExactly(new Rates(10, 500, 0), new Rates(0, 0, 200));
    }

    @Test
    void onlyTheLastHourIsKept() {
        History history = new History(() -> traffic, timer, () -> nanos);

        for (int i = 1; i <= 400; i++) {
            pass(Duration.ofSeconds(10), new Traffic(traffic.recordsIn() + i * 10L, 0, 0));
        }

        assertThat(history.points()).hasSize(360);
        assertThat(history.points().get(0).recordsIn()).isEqualTo(41);
        assertThat(history.points().get(359).recordsIn()).isEqualTo(400);
    }

    @Test
    void nothingIsTakenAfterTheEnd() {
        History history = new History(() -> traffic, timer, () -> nanos);

        history.close();

        assertThat(due).isEmpty();
    }

    private void pass(Duration time, Traffic then) {
        nanos += time.toNanos();
        traffic = then;
        due.remove().run();
    }
}
