package io.aeon.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            orders.eu-1          | orders.eu-1
            Bestellungen für 日本 | Bestellungen für 日本
            """)
    void whatCanBePrintedStaysAsItIs(String text, String printable) {
        assertThat(Printable.of(text)).isEqualTo(printable);
    }

    @Test
    void noCharacterStartsALineOrMovesTheCursor() {
        assertThat(Printable.of("a\nERROR b\r\u001b[2J\u0085\u2028\u202ec\ud800"))
                .isEqualTo("a\\u000aERROR b\\u000d\\u001b[2J\\u0085\\u2028\\u202ec\\ud800");
    }

    @Test
    void longTextIsCut() {
        assertThat(Printable.of("x".repeat(100_000))).isEqualTo("x".repeat(512) + "...");
    }
}
