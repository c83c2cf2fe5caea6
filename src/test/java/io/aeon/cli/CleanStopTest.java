package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class CleanStopTest {
    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private final CleanStop stop = new CleanStop(code::complete);

    @Test
    void aStartThatFailsBecauseOfAStopIsNoFailure() {
        CompletableFuture<Void> hook = CompletableFuture.runAsync(stop::run);
        Awaitility.await().until(stop::isUnderWay);
        assertThat(code).isNotDone();

        stop.failed();

        hook.join();
        assertThat(code).isCompletedWithValue(Main.OK);
    }

    @Test
    void aStartThatFailsWithoutAStopIsAFailure() {
        stop.failed();
        stop.run();

        assertThat(code).isCompletedWithValue(Main.FAILED);
    }
}
