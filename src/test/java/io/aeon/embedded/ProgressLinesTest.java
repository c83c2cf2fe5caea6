package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    private static final long MIB = 1 << 20;

    private final List<String> told = new ArrayList<>();
    private long seconds = 100;

    private ProgressLines lines(int partitions, long bytes) {
        return new ProgressLines(told::add, () -> TimeUnit.SECONDS.toNanos(seconds), partitions, bytes);
    }

    @Test
    void shortWorkSaysOnlyTheEnd() {
        ProgressLines lines = lines(2, 3 * MIB);
        lines.bytesDone(MIB);
        lines.partitionDone();
        seconds += 4;
        lines.bytesDone(2 * MIB);
        lines.partitionDone();

        assertThat(told).isEmpty();
        assertThat(lines.summary()).isEqualTo("3 MiB in 4.0 s");
    }

    @Test
    void longWorkSaysEveryFiveSecondsHowFarItIs() {
        ProgressLines lines = lines(4, 100 * MIB);
        for (int i = 0; i < 4; i++) {
            seconds += 3;
            lines.bytesDone(10 * MIB);
            lines.partitionDone();
        }

        assertThat(told)
                .containsExactly(
                        "1 of 4 partitions, 20 of 100 MiB, about 24 s left",
                        "3 of 4 partitions, 40 of 100 MiB, about 18 s left");
    }
}
