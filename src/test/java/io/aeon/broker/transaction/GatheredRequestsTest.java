package io.aeon.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class GatheredRequestsTest {
    private final List<List<Entry>> sent = new ArrayList<>();
    private final Deque<CompletableFuture<List<Errors>>> underWay = new ArrayDeque<>();
    private final GatheredRequests<Entry> requests =
            new GatheredRequests<>(3, Entry::subject, Entry::scope, this::send);

    private record Entry(String subject, int scope, int number) {}

    private CompletableFuture<List<Errors>> send(List<Entry> entries) {
        sent.add(entries);
        CompletableFuture<List<Errors>> answers = new CompletableFuture<>();
        underWay.add(answers);
        return answers;
    }

    private CompletableFuture<Errors> add(String subject, int scope, int number) {
        return requests.add(new Entry(subject, scope, number));
    }

    private static List<Integer> numbers(List<Entry> entries) {
        return entries.stream().map(Entry::number).toList();
    }

    @Test
    void entriesGatherWhileARequestIsUnderWay() {
        CompletableFuture<Errors> first = add("a", 0, 1);
        CompletableFuture<Errors> second = add("b", 0, 2);
        CompletableFuture<Errors> third = add("c", 0, 3);
        assertThat(sent).hasSize(1);

        underWay.remove().complete(List.of(Errors.NOT_LEADER_OR_FOLLOWER));
        underWay.remove().complete(List.of(Errors.NONE, Errors.INVALID_PRODUCER_EPOCH));

        assertThat(sent.stream().map(GatheredRequestsTest::numbers)).containsExactly(List.of(1), List.of(2, 3));
        assertThat(first).isCompletedWithValue(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(second).isCompletedWithValue(Errors.NONE);
        assertThat(third).isCompletedWithValue(Errors.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void aRequestHasALimitedNumberOfEntries() {
        IntStream.range(0, 6).forEach(number -> add("a", 0, number));
        underWay.remove().complete(List.of(Errors.NONE));
        underWay.remove().complete(List.of(Errors.NONE, Errors.NONE, Errors.NONE));

        assertThat(sent.stream().map(List::size)).containsExactly(1, 3, 2);
    }

    /** An answer names only the subject, so that it could not be told whose error it is. */
    @Test
    void entriesOfOneSubjectAndAnotherScopeWaitForTheNextRequest() {
        List<CompletableFuture<Errors>> answers =
                List.of(add("x", 0, 0), add("a", 1, 1), add("a", 2, 2), add("a", 1, 3));
        underWay.remove().complete(List.of(Errors.NONE));
        underWay.remove().complete(List.of(Errors.NONE, Errors.NONE));
        underWay.remove().complete(List.of(Errors.TRANSACTION_COORDINATOR_FENCED));

        assertThat(sent.stream().map(GatheredRequestsTest::numbers))
                .containsExactly(List.of(0), List.of(1, 3), List.of(2));
        assertThat(answers.stream().map(CompletableFuture::join))
                .containsExactly(Errors.NONE, Errors.NONE, Errors.TRANSACTION_COORDINATOR_FENCED, Errors.NONE);
    }

    @Test
    void aFailedRequestFailsItsEntriesOnly() {
        CompletableFuture<Errors> lost = add("a", 0, 1);
        CompletableFuture<Errors> next = add("b", 0, 2);

        underWay.remove().completeExceptionally(new DisconnectException());
        underWay.remove().complete(List.of(Errors.NONE));

        assertThat(lost).isCompletedExceptionally();
        assertThat(next).isCompletedWithValue(Errors.NONE);
    }
}
