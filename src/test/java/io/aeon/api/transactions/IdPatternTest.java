package io.aeon.api.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;

class IdPatternTest {
    @Test
    void anAbsentPatternMatchesEveryId() {
        assertThat(IdPattern.of(null).matches("id")).isTrue();
        assertThat(IdPattern.of("").matches("id")).isTrue();
    }

    @Test
    void patternMustMatchTheWholeId() {
        assertThat(IdPattern.of("or.*").matches("orders")).isTrue();
        assertThat(IdPattern.of("or").matches("orders")).isFalse();
    }

    @Test
    void patternThatWouldTakeForeverIsRefused() {
        IdPattern greedy = IdPattern.of("(.*)".repeat(10) + "x");

        assertThatThrownBy(() -> greedy.matches("a".repeat(60) + "b")).isInstanceOf(PatternSyntaxException.class);
    }

    @Test
    void anInvalidPatternIsRefused() {
        assertThatThrownBy(() -> IdPattern.of("(")).isInstanceOf(PatternSyntaxException.class);
    }
}
