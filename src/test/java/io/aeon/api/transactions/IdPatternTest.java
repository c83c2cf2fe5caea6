package io.aeon.api.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import java.util.stream.IntStream;
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

    /** The JDK's matcher tries all ways to share an id among the groups. */
    @Test
    void noPatternTakesLongForIdsThatNearlyMatch() {
        IdPattern greedy = IdPattern.of("(.*)".repeat(10) + "x");

        assertThat(IntStream.range(0, 1000).mapToObj(id -> "a".repeat(40) + id)).noneMatch(greedy::matches);
        assertThat(greedy.matches("a".repeat(40) + "x")).isTrue();
    }

    @Test
    void aPatternThatIsLargeWithItsRepetitionsIsRefused() {
        assertThatThrownBy(() -> IdPattern.of("((a{20}){20}){20}")).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> IdPattern.of("a".repeat(1001))).isInstanceOf(PatternSyntaxException.class);
        assertThat(IdPattern.of("a{20}").matches("a".repeat(20))).isTrue();
    }

    @Test
    void anInvalidPatternIsRefused() {
        assertThatThrownBy(() -> IdPattern.of("(?=a)a")).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> IdPattern.of("(")).isInstanceOf(PatternSyntaxException.class);
    }
}
