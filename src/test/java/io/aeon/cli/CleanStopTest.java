package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CleanStopTest {
    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private final CleanStop stop = new CleanStop(Thread.currentThread(), code::complete);

    @Test
    void aStopInterruptsAStartWhichIsThenNoFailure() {
        CompletableFuture<Void> hook = CompletableFuture.runAsync(stop::run);
        assertThatThrownBy(() -> new CountDownLatch(1).await(1, TimeUnit.MINUTES))
                .isInstanceOf(InterruptedException.class);
        assertThat(stop.isUnderWay()).isTrue();
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
