package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.japi.Pair;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import io.aeon.api.Reply;
import io.aeon.threads.FairExecutor;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SessionTest {
    private static final int DEPTH = 4;
    private static final long MOST_ANSWER = 4 << 20;
    private static final Duration A_WHILE = Duration.ofMillis(50);

    @RegisterExtension
    static final Streams streams = new Streams();

    /** Requests that a handler has received and not answered, by correlation id. */
    private final Map<Integer, CompletableFuture<Reply>> started = Collections.synchronizedMap(new TreeMap<>());

    private final Connection connection = Streams.connection();
    private final ByteBudget answers = new ByteBudget(1 << 20);
    private final Queue<Runnable> yielding = new ConcurrentLinkedQueue<>();

    @Test
    void produceRequestsAreHandedOnWithoutWaitingUpToTheDepth() {
        var probes = session();
        probes.second().request(100);

        for (int i = 0; i < DEPTH; i++) {
            probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, i));
        }

        await().until(() -> started.size() == DEPTH);
        probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, DEPTH));
        probes.second().expectNoMessage(A_WHILE);
        assertThat(started).hasSize(DEPTH);
        answer(0);
        probes.second().expectNext();
        await().until(() -> started.containsKey(DEPTH));
    }

    @Test
    void repliesLeaveInTheOrderOfTheirRequests() {
        var probes = session();
        probes.second().request(100);
        for (int i = 0; i < 3; i++) {
            probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, i));
        }
        await().until(() -> started.size() == 3);

        answer(2);
        answer(1);
        probes.second().expectNoMessage(A_WHILE);
        answer(0);

        for (int i = 0; i < 3; i++) {
            assertThat(probes.second().expectNext().request().correlationId()).isEqualTo(i);
        }
    }

    @Test
    void everyOtherRequestWaitsForThoseBeforeItAndHoldsUpThoseBehindIt() {
        var probes = session();
        probes.second().request(100);
        probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, 0));
        probes.first().sendNext(Streams.exchange(ApiKeys.HEARTBEAT, 1));
        await().until(() -> started.containsKey(0));
        probes.second().expectNoMessage(A_WHILE);
        assertThat(started).containsOnlyKeys(0);

        answer(0);
        await().until(() -> started.containsKey(1));
        probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, 2));
        probes.second().expectNext();
        probes.second().expectNoMessage(A_WHILE);
        assertThat(started).containsOnlyKeys(1);
        answer(1);
        await().until(() -> started.containsKey(2));
    }

    @Test
    void aRequestThatWaitsForOtherClientsHoldsNoMemoryMeanwhile() {
        ByteBudget budget = new ByteBudget(1 << 20);
        var probes = session();
        probes.second().request(100);

        probes.first().sendNext(Streams.exchange(ApiKeys.HEARTBEAT, 1, granted(budget)));
        await().until(() -> started.containsKey(1));
        assertThat(budget.used()).isEqualTo(1000);
        answer(1);
        probes.first().sendNext(Streams.exchange(ApiKeys.FETCH, 2, granted(budget)));

        await().until(() -> started.containsKey(2));
        await().until(() -> budget.used() == 1000);
        answer(2);
        assertThat(probes.second().expectNext().request().correlationId()).isEqualTo(1);
        assertThat(probes.second().expectNext().request().correlationId()).isEqualTo(2);
    }

    @Test
    void aClientThatHasClosedIsStillAnsweredButNotByARequestThatWaitsForOthers() {
        var working = session();
        working.second().request(100);
        working.first().sendNext(Streams.exchange(ApiKeys.HEARTBEAT, 1));
        working.first().sendComplete();
        await().until(() -> started.containsKey(1));
        answer(1);
        working.second().expectNext();
        working.second().expectComplete();

        var waiting = session();
        waiting.second().request(100);
        waiting.first().sendNext(Streams.exchange(ApiKeys.FETCH, 2));
        await().until(() -> started.containsKey(2));
        waiting.first().sendComplete();

        waiting.second().expectComplete();
    }

    @Test
    void anAnswerThatMayBeLargeIsNotBuiltBeforeItsMemoryIsGranted() {
        ByteBudget.Claim others = answers.claim(0);
        assertThat(others.grow(2 << 20, true, () -> {})).isTrue();
        var probes = session();
        probes.second().request(100);

        probes.first().sendNext(Streams.exchange(ApiKeys.METADATA, 1));
        await().until(answers::contended);
        assertThat(started).isEmpty();
        others.release();
        await().until(() -> started.containsKey(1));
        assertThat(answers.used()).isEqualTo(FakeApi.LARGE_ANSWER);
        started.remove(1).complete(Reply.of(new MetadataResponseData()));

        Exchange answered = probes.second().expectNext();
        answered.encode();
        assertThat(answers.used()).isLessThan(1000);
        answered.end();
        assertThat(answers.used()).isZero();
    }

    @Test
    void anAnswerThatMayBeLargeIsBuiltAndEncodedInTurnsAfterOtherWork() {
        var probes = session(yielding::add);
        probes.second().request(100);

        probes.first().sendNext(Streams.exchange(ApiKeys.METADATA, 1));
        await().until(() -> !yielding.isEmpty());
        assertThat(started).isEmpty();
        yielding.remove().run();
        await().until(() -> started.containsKey(1));
        started.remove(1).complete(Reply.of(new MetadataResponseData()));
        await().until(() -> !yielding.isEmpty());
        probes.second().expectNoMessage(A_WHILE);
        yielding.remove().run();

        probes.second().expectNext();
        probes.first().sendNext(Streams.exchange(ApiKeys.HEARTBEAT, 2));
        await().until(() -> started.containsKey(2));
    }

    @Test
    void anAnswerThatMayBeLargeIsNotBuiltWhileTheClientHasNotTakenTheOneBefore() {
        var probes = session();
        probes.second().request(1);
        probes.first().sendNext(Streams.exchange(ApiKeys.HEARTBEAT, 1));
        await().until(() -> started.containsKey(1));
        answer(1);
        probes.second().expectNext();
        connection.deadlines().writing(0, true);

        probes.first().sendNext(Streams.exchange(ApiKeys.METADATA, 2));
        await().until(this::isTooSlow);
        assertThat(started).isEmpty();
        assertThat(answers.used()).isZero();
        probes.second().request(1);

        await().until(() -> started.containsKey(2));
    }

    @Test
    void aClientThatHasClosedIsNotAnsweredByWhatMayBeLarge() {
        var waitsForItsTurn = session(yielding::add);
        waitsForItsTurn.second().request(100);
        waitsForItsTurn.first().sendNext(Streams.exchange(ApiKeys.METADATA, 1));
        await().until(() -> !yielding.isEmpty());

        connection.watch().closed();

        waitsForItsTurn.second().expectComplete();
        waitsForItsTurn.first().expectCancellation();
        yielding.remove().run();
        assertThat(started).isEmpty();
    }

    @Test
    void aClientThatHasClosedIsStillAnsweredUpToWhatMayBeLarge() {
        var probes = session();
        probes.second().request(100);
        probes.first().sendNext(Streams.exchange(ApiKeys.HEARTBEAT, 1));
        await().until(() -> started.containsKey(1));

        connection.watch().closed();
        answer(1);
        probes.second().expectNext();
        probes.first().sendNext(Streams.exchange(ApiKeys.METADATA, 2));

        probes.second().expectComplete();
        assertThat(started).isEmpty();
    }

    @Test
    void aRequestThatWaitsForItsTurnHoldsNoMoreMemoryThanItNeeds() {
        ByteBudget budget = new ByteBudget(1 << 20);
        var probes = session(yielding::add);
        probes.second().request(100);
        Exchange sent = Streams.exchange(ApiKeys.METADATA, 1, granted(budget));
        assertThat(sent.claim(100, () -> {})).isTrue();

        probes.first().sendNext(sent);
        await().until(() -> !yielding.isEmpty());

        assertThat(budget.used()).isEqualTo(100);
    }

    @Test
    void aConnectionThatIsGoneTakesNoTurn() {
        FairExecutor heavy = new FairExecutor(yielding::add, 1);
        heavy.execute("another connection", () -> CompletableFuture.completedFuture(null));
        var probes = session(heavy);
        probes.second().request(100);
        probes.first().sendNext(Streams.exchange(ApiKeys.METADATA, 1));
        await().until(() -> heavy.isBusy(connection));

        probes.first().sendError(new IllegalStateException("reset, by the test"));

        probes.second().expectError();
        await().until(() -> !heavy.isBusy(connection));
        assertThat(started).isEmpty();
    }

    @Test
    void anAnswerThatWouldBeTooLargeIsAnErrorThatNamesTheBound() {
        var probes = session();
        probes.second().request(100);

        probes.first().sendNext(Streams.exchange(ApiKeys.LIST_GROUPS, 0));
        ListGroupsResponseData estimated = body(probes.second().expectNext(), ListGroupsResponseData.class);
        probes.first().sendNext(Streams.exchange(ApiKeys.DESCRIBE_CLUSTER, 1));
        await().until(() -> started.containsKey(1));
        DescribeClusterResponseData large = new DescribeClusterResponseData();
        for (int i = 0; i < MOST_ANSWER / 1000; i++) {
            large.brokers().add(new DescribeClusterBroker().setBrokerId(i).setHost("x".repeat(1000)));
        }
        started.remove(1).complete(Reply.of(large));
        DescribeClusterResponseData measured = body(probes.second().expectNext(), DescribeClusterResponseData.class);

        assertThat(estimated.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(measured.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(measured.errorMessage()).contains("allowed are " + MOST_ANSWER);
        assertThat(answers.used()).isZero();
    }

    @Test
    void anAnswerIsNotEncodedBeforeItsMemoryIsGrantedAndRepliesKeepTheirOrder() {
        ByteBudget.Claim others = answers.claim(0);
        assertThat(others.grow(2 << 20, true, () -> {})).isTrue();
        var probes = session();
        probes.second().request(100);
        probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, 1));
        probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, 2));
        await().until(() -> started.size() == 2);
        ProduceResponseData large = new ProduceResponseData();
        TopicProduceResponse topic = new TopicProduceResponse();
        for (int i = 0; i < 50; i++) {
            topic.partitionResponses().add(new PartitionProduceResponse().setErrorMessage("x".repeat(30_000)));
        }
        large.responses().add(topic);

        started.remove(1).complete(Reply.of(large));
        answer(2);
        await().until(answers::contended);
        probes.second().expectNoMessage(A_WHILE);
        others.release();

        assertThat(probes.second().expectNext().request().correlationId()).isEqualTo(1);
        assertThat(probes.second().expectNext().request().correlationId()).isEqualTo(2);
        assertThat(answers.used()).isBetween(1_500_000L, 1_510_000L);
    }

    private static <T> T body(Exchange answered, Class<T> type) {
        return type.cast(((Reply.Message) answered.reply().join()).body());
    }

    private static ByteBudget.Claim granted(ByteBudget budget) {
        ByteBudget.Claim claim = budget.claim(0);
        assertThat(claim.grow(1000, true, () -> {})).isTrue();
        return claim;
    }

    @Test
    void produceWithAcksZeroHasNoReply() {
        var probes = session();
        probes.second().request(100);
        probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, 0));
        probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, 1));
        await().until(() -> started.size() == 2);

        started.get(0).complete(Reply.NONE);
        answer(1);

        assertThat(probes.second().expectNext().request().correlationId()).isEqualTo(1);
    }

    @Test
    void aFailedRequestWithoutAnErrorResponseEndsTheConnectionAfterTheRepliesBeforeIt() {
        var probes = session();
        probes.second().request(100);
        for (int i = 0; i < 3; i++) {
            probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, i));
        }
        await().until(() -> started.size() == 3);
        answer(2);
        started.get(1).completeExceptionally(new IllegalStateException("expected by the test"));
        answer(0);

        assertThat(probes.second().expectNext().request().correlationId()).isZero();
        probes.second().expectComplete();
        probes.first().expectCancellation();
    }

    @Test
    void aHandlerThatThrowsIsAnsweredWithTheApisErrorResponseAndTheConnectionContinues() {
        var probes = session();
        probes.second().request(100);
        probes.first().sendNext(Streams.exchange(ApiKeys.END_TXN, 0));
        probes.first().sendNext(Streams.exchange(ApiKeys.HEARTBEAT, 1));

        assertThat(error(probes.second().expectNext())).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        await().until(() -> started.containsKey(1));
        answer(1);
        assertThat(probes.second().expectNext().request().correlationId()).isEqualTo(1);
    }

    @Test
    void aReplyThatFailsIsAnsweredWithTheErrorOfItsFailure() {
        var probes = session();
        probes.second().request(100);
        probes.first().sendNext(Streams.exchange(ApiKeys.HEARTBEAT, 0));
        await().until(() -> started.containsKey(0));

        started.remove(0).completeExceptionally(Errors.COORDINATOR_NOT_AVAILABLE.exception());

        Exchange told = probes.second().expectNext();
        assertThat(((HeartbeatResponseData) ((Reply.Message) told.reply().join()).body()).errorCode())
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
    }

    private static Errors error(Exchange exchange) {
        return Errors.forCode(
                ((EndTxnResponseData) ((Reply.Message) exchange.reply().join()).body()).errorCode());
    }

    @Test
    void requestsUnderWayAreAnsweredAfterTheClientStopsSending() {
        var probes = session();
        probes.second().request(100);
        probes.first().sendNext(Streams.exchange(ApiKeys.HEARTBEAT, 0));
        await().until(() -> started.containsKey(0));

        probes.first().sendComplete();
        probes.second().expectNoMessage(A_WHILE);
        answer(0);

        probes.second().expectNext();
        probes.second().expectComplete();
    }

    @Test
    void aClientThatReadsNothingIsNotReadFrom() {
        var probes = session();
        probes.second().ensureSubscription();
        for (int i = 0; i < DEPTH; i++) {
            probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, i));
        }
        await().until(() -> started.size() == DEPTH);
        List.of(0, 1, 2, 3).forEach(this::answer);
        probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, DEPTH));

        await().during(A_WHILE).until(() -> !started.containsKey(DEPTH));
    }

    @Test
    void answeredRequestsBehindAnUnreadReplyAreClosedWhileOthersWaitForTheirMemory() {
        var probes = session();
        probes.second().ensureSubscription();
        probes.first().sendNext(Streams.exchange(ApiKeys.PRODUCE, 1));
        await().until(() -> started.containsKey(1));
        connection.deadlines().writing(0, true);
        assertThat(isTooSlow()).isFalse();

        answer(1);
        await().until(this::isTooSlow);

        probes.second().requestNext();
        await().until(() -> !isTooSlow());
    }

    /** Whether the connection has been too slow in three checks, one every 200 ms. */
    private boolean isTooSlow() {
        String reason = null;
        for (int check = 0; check < 3; check++) {
            reason = connection
                    .deadlines()
                    .tooSlow(Duration.ofMillis(200L * check).toNanos(), true, false);
        }
        return reason != null;
    }

    @Test
    void theOrderHoldsWhateverTheSchedule() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        var probes = session();
        probes.second().request(Long.MAX_VALUE);
        List<ApiKeys> requests = new ArrayList<>();
        int answered = 0;
        while (answered < 300) {
            if (random.nextBoolean() && requests.size() - answered < DEPTH) {
                requests.add(random.nextInt(3) == 0 ? ApiKeys.HEARTBEAT : ApiKeys.PRODUCE);
                probes.first().sendNext(Streams.exchange(requests.get(requests.size() - 1), requests.size() - 1));
            } else if (requests.size() > answered) {
                int first = answered;
                await().pollInterval(Duration.ofMillis(1)).until(() -> started.containsKey(first));
                assertOrder(requests, answered, seed);
                started.remove(first).complete(Reply.of(new HeartbeatResponseData()));
                assertThat(probes.second().expectNext().request().correlationId())
                        .isEqualTo(first);
                answered++;
            }
        }
    }

    /** @param below the throttle time when the client keeps to its quota again, or has none any more */
    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void noRequestIsTakenAheadOfAClientsThrottleTime(int below) {
        AtomicInteger throttleMs = new AtomicInteger(1);
        AtomicInteger taken = new AtomicInteger();
        produce(taken, throttleMs, Streams.connection()).request(Long.MAX_VALUE);
        await().until(() -> started.size() == DEPTH);
        for (int i = 0; i < DEPTH; i++) {
            answer(i);
        }
        int next = DEPTH;
        for (; next < 3 * DEPTH; next++) {
            awaitStart(next);
            assertThat(taken).hasValue(next + 1);
            answer(next);
        }

        throttleMs.set(below);
        for (; started.size() < 2; next++) {
            awaitStart(next);
            answer(next);
        }

        await().until(() -> started.size() == DEPTH);
    }

    @Test
    void aConnectionThatEndsIsNotKeptForItsThrottleTime() {
        WeakReference<Connection> ended = throttledAndEnded();

        await().until(() -> {
            System.gc();
            return ended.get() == null;
        });
    }

    private WeakReference<Connection> throttledAndEnded() {
        AtomicInteger taken = new AtomicInteger();
        Connection throttled = Streams.connection();
        var answers = produce(taken, new AtomicInteger(3_600_000), throttled);
        answers.request(1);
        awaitStart(0);
        answer(0);
        answers.expectNext();
        answers.cancel();
        started.clear();
        return new WeakReference<>(throttled);
    }

    private void awaitStart(int correlationId) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> started.containsKey(correlationId));
    }

    /** A client that sends Produce requests as fast as they are taken. */
    private TestSubscriber.Probe<Exchange> produce(
            AtomicInteger taken, AtomicInteger throttleMs, Connection connection) {
        return Source.repeat(ApiKeys.PRODUCE)
                .map(api -> Streams.exchange(api, taken.getAndIncrement()))
                .via(Streams.layer(
                        new Session(
                                FakeApi.table(new ThrottledApi(slow(ApiKeys.PRODUCE), throttleMs::get)),
                                DEPTH,
                                answers,
                                MOST_ANSWER,
                                new FairExecutor(Runnable::run, 1)),
                        connection))
                .runWith(TestSink.create(streams.system()), streams.system());
    }

    private void assertOrder(List<ApiKeys> requests, int answered, long seed) {
        List<Integer> running = List.copyOf(started.keySet());
        assertThat(running.get(0)).describedAs("seed %d", seed).isEqualTo(answered);
        if (running.size() > 1) {
            assertThat(running).describedAs("seed %d", seed).allMatch(i -> requests.get(i) == ApiKeys.PRODUCE);
        }
    }

    private void answer(int correlationId) {
        started.remove(correlationId).complete(Reply.of(new HeartbeatResponseData()));
    }

    private Pair<TestPublisher.Probe<Exchange>, TestSubscriber.Probe<Exchange>> session() {
        return session(Runnable::run);
    }

    /** @param others runs what lets others go first */
    private Pair<TestPublisher.Probe<Exchange>, TestSubscriber.Probe<Exchange>> session(Executor others) {
        return session(new FairExecutor(others, 1));
    }

    private Pair<TestPublisher.Probe<Exchange>, TestSubscriber.Probe<Exchange>> session(FairExecutor heavy) {
        FakeApi throwing = new FakeApi(ApiKeys.END_TXN, (request, context) -> {
            throw new IllegalStateException("expected by the test");
        });
        return TestSource.<Exchange>create(streams.system())
                .via(Streams.layer(
                        new Session(
                                FakeApi.table(
                                        slow(ApiKeys.PRODUCE),
                                        slow(ApiKeys.HEARTBEAT),
                                        slow(ApiKeys.FETCH),
                                        slow(ApiKeys.METADATA),
                                        slow(ApiKeys.DESCRIBE_CLUSTER),
                                        slow(ApiKeys.LIST_GROUPS),
                                        throwing),
                                DEPTH,
                                answers,
                                MOST_ANSWER,
                                heavy),
                        connection))
                .toMat(TestSink.create(streams.system()), Keep.both())
                .run(streams.system());
    }

    private FakeApi slow(ApiKeys api) {
        return new FakeApi(
                api,
                (request, context) ->
                        started.computeIfAbsent(context.correlationId(), id -> new CompletableFuture<>()));
    }
}
