package io.aeon.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.replication.FetchRequest.Wanted;
import io.aeon.replication.FetcherCommand.Answer;
import io.aeon.replication.FetcherCommand.Answered;
import io.aeon.replication.FetcherCommand.Assign;
import io.aeon.replication.FetcherCommand.Failed;
import io.aeon.replication.FetcherCommand.OffsetsFound;
import io.aeon.replication.FetcherCommand.OffsetsUnknown;
import io.aeon.replication.FetcherCommand.Remove;
import io.aeon.replication.FetcherCommand.Stored;
import io.aeon.replication.FetcherCommand.Tick;
import io.aeon.replication.FetcherEffect.Append;
import io.aeon.replication.FetcherEffect.FindOffsets;
import io.aeon.replication.FetcherEffect.Send;
import io.aeon.replication.FetcherEffect.StartAnew;
import io.aeon.replication.FetcherEffect.Truncate;
import io.aeon.replication.FetcherEffect.TruncateTo;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class FetcherTest {
    private static final int EPOCH = 3;
    private static final int SESSION = 77;
    private static final long BACKOFF = 1000;
    private static final long PATIENCE = 50;
    private static final LogPosition AT_TEN = new LogPosition(0, 10, 2);
    private static final LogPosition AT_TWELVE = new LogPosition(0, 12, EPOCH);

    private boolean isHeld;
    private final Fetcher<Integer, String> fetcher = new Fetcher<>(BACKOFF, PATIENCE, id -> isHeld);
    private long now = 5000;
    private long request;

    @Test
    void aFetcherAsksFromTheEndsOfTheLogsAndTellsOnlyWhatChanges() {
        assertThat(sent(step(new Assign<>(1, EPOCH, AT_TEN))))
                .isEqualTo(new FetchRequest<>(1, 0, 0, List.of(new Wanted<>(1, EPOCH, AT_TEN)), List.of()));
        assertThat(step(new Assign<>(2, EPOCH, AT_TEN))).isEmpty();

        List<FetcherEffect<Integer, String>> effects = answer(records(1, "ab"));
        assertThat(effects).containsExactly(new Append<>(1, EPOCH, "ab", 9, 4));

        now += PATIENCE;
        assertThat(sent(step(new Stored<>(1, EPOCH, AT_TWELVE))))
                .isEqualTo(new FetchRequest<>(
                        2,
                        SESSION,
                        1,
                        List.of(new Wanted<>(2, EPOCH, AT_TEN), new Wanted<>(1, EPOCH, AT_TWELVE)),
                        List.of()));
        assertThat(sent(answer())).isEqualTo(new FetchRequest<>(3, SESSION, 2, List.of(), List.of()));
    }

    @Test
    void aLogThatStoresForLongDoesNotHoldTheOthers() {
        step(new Assign<>(1, EPOCH, AT_TEN));
        assertThat(step(new Assign<>(2, EPOCH, AT_TEN))).isEmpty();
        answer(records(1, "ab"));
        assertThat(step(new Tick<>())).isEmpty();

        now += PATIENCE;

        assertThat(sent(step(new Tick<>())))
                .isEqualTo(new FetchRequest<>(2, SESSION, 1, List.of(new Wanted<>(2, EPOCH, AT_TEN)), List.of(1)));
    }

    @Test
    void aPartitionInErrorPausesAlone() {
        step(new Assign<>(1, EPOCH, AT_TEN));
        step(new Assign<>(2, EPOCH, AT_TEN));
        answer();

        FetchRequest<Integer> next = sent(answer(error(1, Errors.NOT_LEADER_OR_FOLLOWER)));
        assertThat(next.wanted()).isEmpty();
        assertThat(next.forgotten()).containsExactly(1);

        now += BACKOFF - 1;
        assertThat(sent(answer()).wanted()).isEmpty();
        now++;
        assertThat(sent(answer()).wanted()).containsExactly(new Wanted<>(1, EPOCH, AT_TEN));
    }

    @Test
    void aHeldPartitionIsAskedForOnlyWhenItHasAllCommittedRecords() {
        step(new Assign<>(1, EPOCH, AT_TEN));
        step(new Assign<>(2, EPOCH, AT_TEN));
        FetchRequest<Integer> both = sent(answer(List.of()));
        assertThat(both.wanted()).containsExactly(new Wanted<>(2, EPOCH, AT_TEN));
        isHeld = true;
        now += PATIENCE;

        answer(new Answer<>(1, Errors.NONE, null, "ab", 20, 0));
        FetchRequest<Integer> without = sent(step(new Stored<>(1, EPOCH, AT_TWELVE)));
        assertThat(without.wanted()).isEmpty();
        assertThat(without.forgotten()).containsExactly(1);
        answer(new Answer<>(2, Errors.NONE, null, "ab", 11, 0));
        assertThat(sent(step(new Stored<>(2, EPOCH, AT_TWELVE))).wanted())
                .as("it is in sync")
                .containsExactly(new Wanted<>(2, EPOCH, AT_TWELVE));

        now += BACKOFF;
        assertThat(sent(answer()).wanted()).as("it is held still").isEmpty();
        isHeld = false;
        now += BACKOFF;
        assertThat(sent(answer()).wanted()).containsExactly(new Wanted<>(1, EPOCH, AT_TWELVE));
    }

    @Test
    void aNewPartitionThatIsHeldIsNotAskedFor() {
        isHeld = true;
        assertThat(step(new Assign<>(1, EPOCH, AT_TEN))).isEmpty();

        isHeld = false;
        now += BACKOFF;

        assertThat(sent(step(new Tick<>())).wanted()).containsExactly(new Wanted<>(1, EPOCH, AT_TEN));
    }

    @Test
    void aFencedPartitionWaitsForItsNextEpoch() {
        step(new Assign<>(1, EPOCH, AT_TEN));
        assertThat(answer(error(1, Errors.FENCED_LEADER_EPOCH))).isEmpty();
        now += 10 * BACKOFF;
        assertThat(step(new Tick<>())).isEmpty();

        assertThat(sent(step(new Assign<>(1, EPOCH + 1, AT_TEN))).wanted())
                .containsExactly(new Wanted<>(1, EPOCH + 1, AT_TEN));
    }

    @Test
    void aLogThatDivergesIsTruncatedAndAsksAgain() {
        step(new Assign<>(1, EPOCH, AT_TEN));

        EpochEnd leaderEnd = new EpochEnd(1, 6);
        assertThat(answer(new Answer<>(1, Errors.NONE, leaderEnd, null, -1, -1)))
                .containsExactly(new Truncate<>(1, EPOCH, leaderEnd));

        LogPosition shorter = new LogPosition(0, 6, 1);
        assertThat(sent(step(new Stored<>(1, EPOCH, shorter))).wanted())
                .containsExactly(new Wanted<>(1, EPOCH, shorter));
    }

    @Test
    void aLogThatEndsBelowTheStartOfTheLeadersIsCopiedAnew() {
        outOfRange();

        assertThat(step(new OffsetsFound<>(1, EPOCH, 40, 90))).containsExactly(new StartAnew<>(1, EPOCH, 40));

        LogPosition empty = new LogPosition(40, 40, -1);
        assertThat(sent(step(new Stored<>(1, EPOCH, empty))).wanted()).containsExactly(new Wanted<>(1, EPOCH, empty));
    }

    @Test
    void aLogThatIsLongerThanTheLeadersIsTruncated() {
        outOfRange();

        assertThat(step(new OffsetsFound<>(1, EPOCH, 0, 8))).containsExactly(new TruncateTo<>(1, EPOCH, 8));
    }

    @Test
    void aPositionThatIsInRangeAgainIsAskedForAgain() {
        outOfRange();

        assertThat(sent(step(new OffsetsFound<>(1, EPOCH, 5, 12))).wanted())
                .containsExactly(new Wanted<>(1, EPOCH, AT_TEN));
    }

    @Test
    void withoutTheLeadersOffsetsAPartitionPauses() {
        outOfRange();
        assertThat(step(new OffsetsUnknown<>(1, EPOCH))).isEmpty();

        now += BACKOFF;

        assertThat(sent(step(new Tick<>())).wanted()).containsExactly(new Wanted<>(1, EPOCH, AT_TEN));
    }

    @Test
    void afterALostConnectionANewSessionBeginsAfterAPause() {
        step(new Assign<>(1, EPOCH, AT_TEN));
        answer();
        assertThat(step(new Failed<>(request))).isEmpty();
        now += BACKOFF;

        FetchRequest<Integer> again = sent(step(new Tick<>()));

        assertThat(again.sessionId()).isEqualTo(SESSION);
        assertThat(again.sessionEpoch()).isZero();
        assertThat(again.wanted()).containsExactly(new Wanted<>(1, EPOCH, AT_TEN));
    }

    @Test
    void aSessionThatTheLeaderHasForgottenIsReplacedAtOnce() {
        step(new Assign<>(1, EPOCH, AT_TEN));
        answer();

        FetchRequest<Integer> again =
                sent(step(new Answered<>(request, 0, Errors.FETCH_SESSION_ID_NOT_FOUND, List.of())));

        assertThat(again.sessionId()).isZero();
        assertThat(again.sessionEpoch()).isZero();
        assertThat(again.wanted()).hasSize(1);
    }

    @Test
    void aLeaderWithoutSessionsGetsEverythingEachTime() {
        step(new Assign<>(1, EPOCH, AT_TEN));

        FetchRequest<Integer> next = sent(step(new Answered<>(request, 0, Errors.NONE, List.of())));

        assertThat(next).isEqualTo(new FetchRequest<>(2, 0, 0, List.of(new Wanted<>(1, EPOCH, AT_TEN)), List.of()));
    }

    @Test
    void whatComesTooLateIsIgnored() {
        step(new Assign<>(1, EPOCH, AT_TEN));
        long first = request;
        step(new Failed<>(first));
        now += BACKOFF;
        step(new Tick<>());
        assertThat(step(new Answered<>(first, SESSION, Errors.NONE, List.of(records(1, "ab")))))
                .isEmpty();
        assertThat(step(new Failed<>(first))).isEmpty();

        step(new Assign<>(1, EPOCH + 1, AT_TWELVE));
        FetchRequest<Integer> next = sent(answer(records(1, "ab")));
        assertThat(next.wanted()).containsExactly(new Wanted<>(1, EPOCH + 1, AT_TWELVE));
        assertThat(step(new Stored<>(1, EPOCH, AT_TEN))).isEmpty();
    }

    @Test
    void aRemovedPartitionLeavesTheSession() {
        step(new Assign<>(1, EPOCH, AT_TEN));
        step(new Assign<>(2, EPOCH, AT_TEN));
        answer();
        step(new Remove<>(1));

        FetchRequest<Integer> next = sent(answer(records(1, "ab")));

        assertThat(next.forgotten()).containsExactly(1);
    }

    @Test
    void theCostOfARequestDoesNotDependOnIdlePartitions() {
        for (int partition = 0; partition < 5000; partition++) {
            step(new Assign<>(partition, EPOCH, AT_TEN));
        }
        assertThat(sent(answer()).wanted()).hasSize(4999);
        answer(records(7, "ab"));

        FetchRequest<Integer> next = sent(step(new Stored<>(7, EPOCH, AT_TWELVE)));

        assertThat(next.wanted()).containsExactly(new Wanted<>(7, EPOCH, AT_TWELVE));
    }

    private void outOfRange() {
        step(new Assign<>(1, EPOCH, AT_TEN));
        assertThat(answer(error(1, Errors.OFFSET_OUT_OF_RANGE))).containsExactly(new FindOffsets<>(1, EPOCH));
    }

    private static Answer<Integer, String> records(int partition, String records) {
        return new Answer<>(partition, Errors.NONE, null, records, 9, 4);
    }

    private static Answer<Integer, String> error(int partition, Errors error) {
        return new Answer<>(partition, error, null, null, -1, -1);
    }

    /** Nothing is new. */
    private List<FetcherEffect<Integer, String>> answer() {
        return answer(List.of());
    }

    private List<FetcherEffect<Integer, String>> answer(Answer<Integer, String> partition) {
        return answer(List.of(partition));
    }

    private List<FetcherEffect<Integer, String>> answer(List<Answer<Integer, String>> partitions) {
        return step(new Answered<>(request, SESSION, Errors.NONE, partitions));
    }

    private List<FetcherEffect<Integer, String>> step(FetcherCommand<Integer, String> command) {
        List<FetcherEffect<Integer, String>> effects = fetcher.step(command, now);
        for (FetcherEffect<Integer, String> effect : effects) {
            if (effect instanceof Send<Integer, String> send) {
                request = send.request().id();
            }
        }
        return effects;
    }

    private static FetchRequest<Integer> sent(List<FetcherEffect<Integer, String>> effects) {
        assertThat(effects).hasSize(1);
        return ((Send<Integer, String>) effects.get(0)).request();
    }
}
