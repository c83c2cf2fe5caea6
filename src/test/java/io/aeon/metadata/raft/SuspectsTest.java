package io.aeon.metadata.raft;

import static io.aeon.metadata.raft.Suspects.Connect.ACCEPTED;
import static io.aeon.metadata.raft.Suspects.Connect.NO_ANSWER;
import static io.aeon.metadata.raft.Suspects.Connect.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.metadata.raft.Suspects.Connect;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspectsTest {
    private static final String A = "a";
    private static final String B = "b";

    private final Suspects<String> suspects = new Suspects<>();
    private long now = 1000;

    @Test
    void aPortThatRefusesSeveralTimesInARowIsThatOfAProcessThatIsGone() {
        suspects.suspect(A, now);

        assertThat(outcome(REFUSED, REFUSED)).isFalse();
        assertThat(outcome(REFUSED)).isTrue();
        assertThat(suspects.nextDue()).isEqualTo(Suspects.NEVER);
    }

    @Test
    void aPortThatAcceptsMayBeClosedLater() {
        suspects.suspect(A, now);

        assertThat(outcome(ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED))
                .isFalse();
        assertThat(suspects.nextDue()).as("at a slower pace").isEqualTo(now + Suspects.LONG_PAUSE_MS);
        assertThat(outcome(REFUSED)).isFalse();
        assertThat(suspects.nextDue()).isEqualTo(now + Suspects.PAUSE_MS);
        assertThat(outcome(REFUSED, REFUSED)).isTrue();
    }

    @Test
    void refusalsCountOnlyInARow() {
        suspects.suspect(A, now);

        assertThat(outcome(REFUSED, REFUSED, ACCEPTED, REFUSED, REFUSED)).isFalse();
    }

    @Test
    void aPortThatDoesNotAnswerProvesNothing() {
        suspects.suspect(A, now);

        assertThat(outcome(REFUSED, REFUSED, NO_ANSWER, REFUSED, REFUSED)).isFalse();
    }

    @Test
    void theConnectsHaveAPauseBetweenThem() {
        suspects.suspect(A, now);
        assertThat(suspects.due(now)).containsExactly(A);
        assertThat(suspects.due(now)).as("one at a time").isEmpty();
        assertThat(suspects.nextDue()).isEqualTo(Suspects.NEVER);

        suspects.answered(A, REFUSED, now + 7);

        assertThat(suspects.nextDue()).isEqualTo(now + 7 + Suspects.PAUSE_MS);
        assertThat(suspects.due(now + 6 + Suspects.PAUSE_MS)).isEmpty();
        assertThat(suspects.due(now + 7 + Suspects.PAUSE_MS)).containsExactly(A);
    }

    @Test
    void aSecondConnectionThatEndsDoesNotBeginAnew() {
        suspects.suspect(A, now);
        assertThat(outcome(REFUSED, REFUSED)).isFalse();

        suspects.suspect(A, now);

        assertThat(outcome(REFUSED)).isTrue();
    }

    @Test
    void aProcessThatGivesASignOfLifeIsNotUnderSuspicionAnyMore() {
        suspects.suspect(A, now);
        suspects.suspect(B, now);
        assertThat(suspects.due(now)).containsExactlyInAnyOrder(A, B);
        suspects.acquit(A);

        for (int i = 0; i < Suspects.REFUSALS - 1; i++) {
            assertThat(suspects.answered(A, REFUSED, now)).isFalse();
            assertThat(suspects.answered(B, REFUSED, now)).isFalse();
        }
        assertThat(suspects.answered(A, REFUSED, now)).isFalse();
        assertThat(suspects.answered(B, REFUSED, now)).isTrue();
    }

    /** Whether A is gone after connects that met this. */
    private boolean outcome(Connect... met) {
        boolean gone = false;
        for (Connect each : met) {
            now = Math.max(now, suspects.nextDue());
            assertThat(suspects.due(now)).isEqualTo(List.of(A));
            gone = suspects.answered(A, each, now);
        }
        return gone;
    }
}
