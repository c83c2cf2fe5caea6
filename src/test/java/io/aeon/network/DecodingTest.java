package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;

import akka.japi.Pair;
import akka.stream.javadsl.Keep;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import io.aeon.api.RequestCounters;
import io.aeon.protocol.RequestDecoder;
import io.aeon.threads.FairExecutor;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class DecodingTest {
    private static final Duration A_WHILE = Duration.ofMillis(50);
    private static final long TOTAL = 64 << 20;

    @RegisterExtension
    static final Streams streams = new Streams();

    private final Connection connection = Streams.connection();
    private final ByteBudget budget = new ByteBudget(TOTAL);
    private final Queue<Runnable> yielding = new ConcurrentLinkedQueue<>();

    @Test
    void aRequestTakesTheMemoryOfItsDecodedForm() {
        var probes = decoding(Runnable::run);
        probes.second().request(1);

        Exchange sent = exchange(10_000);
        probes.first().sendNext(sent);

        assertThat(probes.second().expectNext().request().api()).isEqualTo(ApiKeys.DESCRIBE_GROUPS);
        assertThat(budget.used()).isGreaterThan(100 * 10_000);
        sent.end();
        assertThat(budget.used()).isZero();
    }

    @Test
    void aRequestIsNotDecodedBeforeItsMemoryIsGranted() {
        ByteBudget.Claim others = budget.claim(TOTAL);
        others.grow(TOTAL, true, () -> {});
        var probes = decoding(Runnable::run);
        probes.second().request(1);

        probes.first().sendNext(exchange(10_000));
        probes.first().sendComplete();
        probes.second().expectNoMessage(A_WHILE);
        others.release();

        assertThat(probes.second().expectNext().request().body()).isInstanceOf(DescribeGroupsRequestData.class);
        probes.second().expectComplete();
    }

    @Test
    void aRequestThatTakesMoreThanThereIsEndsTheReading() {
        var probes = decoding(Runnable::run);
        probes.second().request(1);
        Exchange sent = exchange(200_000);

        probes.first().sendNext(sent);

        probes.second().expectComplete();
        Awaitility.await().until(() -> budget.used() == 0);
    }

    @Test
    void aRequestOfManyElementsLetsOtherWorkGoFirst() {
        var probes = decoding(yielding::add);
        probes.second().request(1);

        probes.first().sendNext(exchange(10_000));
        probes.first().sendComplete();
        Awaitility.await().until(() -> !yielding.isEmpty());
        probes.second().expectNoMessage(A_WHILE);
        yielding.remove().run();

        assertThat(probes.second().expectNext().request().api()).isEqualTo(ApiKeys.DESCRIBE_GROUPS);
        probes.second().expectComplete();
        assertThat(yielding).isEmpty();
    }

    @Test
    void anOrdinaryRequestWaitsForNobody() {
        var probes = decoding(yielding::add);
        probes.second().request(1);

        probes.first().sendNext(exchange(10));

        probes.second().expectNext();
        assertThat(yielding).isEmpty();
    }

    @Test
    void aRequestOfManyElementsWaitsForItsMemoryAndThenForOtherWork() {
        ByteBudget.Claim others = budget.claim(TOTAL);
        others.grow(TOTAL, true, () -> {});
        var probes = decoding(yielding::add);
        probes.second().request(1);

        probes.first().sendNext(exchange(10_000));
        Awaitility.await().until(budget::contended);
        assertThat(yielding).isEmpty();
        others.release();
        Awaitility.await().until(() -> !yielding.isEmpty());
        yielding.remove().run();

        probes.second().expectNext();
    }

    private Exchange exchange(int groups) {
        DescribeGroupsRequestData body = new DescribeGroupsRequestData()
                .setGroups(IntStream.range(0, groups).mapToObj(i -> "").toList());
        short version = ApiKeys.DESCRIBE_GROUPS.latestVersion();
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(ApiKeys.DESCRIBE_GROUPS.id)
                .setRequestApiVersion(version);
        byte[] head = bytes(header, ApiKeys.DESCRIBE_GROUPS.requestHeaderVersion(version));
        byte[] rest = bytes(body, version);
        byte[] frame = java.util.Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, frame, head.length, rest.length);
        return new Exchange(frame, budget.claim(frame.length), new RequestCounters(), 0);
    }

    private static byte[] bytes(org.apache.kafka.common.protocol.ApiMessage message, short version) {
        return MessageUtil.toByteBufferAccessor(message, version).buffer().array();
    }

    private Pair<TestPublisher.Probe<Exchange>, TestSubscriber.Probe<Exchange>> decoding(Executor others) {
        RequestDecoder decoder = new RequestDecoder((api, version) -> true, TOTAL);
        return TestSource.<Exchange>create(streams.system())
                .via(Streams.layer(new Decoding(decoder, new FairExecutor(others, 1)), connection))
                .toMat(TestSink.create(streams.system()), Keep.both())
                .run(streams.system());
    }
}
