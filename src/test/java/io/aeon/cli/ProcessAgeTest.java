package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessAgeTest {
    private static final String STAT = "4711 (a b) (c)) S 1 4711 4711 0 -1 4194560 907 0 0 0 3 1 0 0 20 0 1 0"
            + " 123456 2519040 226 18446744073709551615 1 1 0 0 0 0 0 2 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    @Test
    void isTheDifferenceOfUptimeAndStartTime() {
        assertThat(ProcessAge.millis(STAT, "1235.89 2400.10\n")).isEqualTo(1330);
    }

    @Test
    void isPositiveForThisProcess() {
        assertThat(ProcessAge.millis()).isPositive();
    }
}
