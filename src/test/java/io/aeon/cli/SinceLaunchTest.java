package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SinceLaunchTest {
    @Test
    void isTheDifferenceOfTheUptimes() {
        assertThat(SinceLaunch.millis("1234.56", "1235.89 2400.10\n")).isEqualTo(1330);
    }

    @Test
    void isThatOfTheJvmWithoutTheLauncher() {
        assertThat(SinceLaunch.millis()).isPositive();
    }
}
