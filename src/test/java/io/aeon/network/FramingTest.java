package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;

import akka.japi.Pair;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.util.ByteString;
import io.aeon.api.RequestCounters;
import io.aeon.network.Connection.Ending;
import io.aeon.protocol.FrameLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class FramingTest {
    private static final int MOST = 1 << 20;
    private static final Duration A_WHILE = Duration.ofMillis(100);

    @RegisterExtension
    static final Streams streams = new Streams();

    private final ByteBudget budget = new ByteBudget(1 << 30);
    private final ReadAhead ahead = new ReadAhead(250_000);
    private final Connection connection = Streams.connection();
    private final Queue<Runnable> yielding = new ConcurrentLinkedQueue<>();

    @Test
    void framesComeWholeHoweverTheirBytesArrive() {
        byte[] bytes = join(frame(ApiKeys.HEARTBEAT, 8), frame(ApiKeys.PRODUCE, 40), frame(ApiKeys.FETCH, 9));
        for (int i = 0; i <= bytes.length; i++) {
            for (int j = i; j <= Math.min(i + 7, bytes.length); j++) {
                assertThat(framed(part(bytes, 0, i), part(bytes, i, j), part(bytes, j, bytes.length)))
                        .describedAs("split at %d and %d", i, j)
                        .containsExactly(part(bytes, 4, 12), part(bytes, 16, 56), part(bytes, 60, 69));
            }
        }
        assertThat(budget.used()).isPositive();
    }

    @Test
    void framesComeWholeFromManySmallPieces() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            frames.add(frame(ApiKeys.PRODUCE, 8 + random.nextInt(5000)));
        }
        byte[] all = join(frames.toArray(byte[][]::new));
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < all.length; ) {
            int length = Math.min(all.length - at, 1 + random.nextInt(9000));
            pieces.add(part(all, at, at + length));
            at += length;
        }

        assertThat(framed(pieces.toArray(byte[][]::new)))
                .describedAs("seed %d", seed)
                .containsExactlyElementsOf(
                        frames.stream().map(f -> part(f, 4, f.length)).toList());
    }

    @Test
    void whatAClientSentBeforeItClosedIsStillRead() {
        byte[][] frames = new byte[100][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = frame(ApiKeys.PRODUCE, 8 + i);
        }
        var probes = probes();
        probes.second().request(1);
        probes.first().sendNext(ByteString.fromArray(join(frames)));
        probes.first().sendComplete();

        for (byte[] frame : frames) {
            assertThat(probes.second().expectNext().frame()).isEqualTo(part(frame, 4, frame.length));
            probes.second().request(1);
        }
        probes.second().expectComplete();
    }

    @Test
    void aConnectionWithManyRequestsLetsOtherWorkGoFirstAfterAFew() {
        byte[][] frames = new byte[20][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = frame(ApiKeys.HEARTBEAT, 8 + i);
        }
        var probes = probes(
                new Framing(new FrameLimits(MOST), budget, ahead, yielding::add, new RequestCounters()), connection);
        probes.second().request(frames.length);
        probes.first().sendNext(ByteString.fromArray(join(frames)));

        for (int passed = 0; passed < frames.length; passed++) {
            if (passed == 8 || passed == 16) {
                probes.second().expectNoMessage(A_WHILE);
                Awaitility.await().until(() -> !yielding.isEmpty());
                assertThat(yielding).hasSize(1);
                yielding.remove().run();
            }
            assertThat(probes.second().expectNext().frame()).isEqualTo(part(frames[passed], 4, frames[passed].length));
        }
        probes.first().sendNext(ByteString.fromArray(frames[0]));
        probes.second().requestNext();
        assertThat(yielding).isEmpty();
    }

    @Test
    void aConnectionThatClosesWhileItLetsOtherWorkGoIsReadToItsEnd() {
        byte[] frame = frame(ApiKeys.HEARTBEAT, 8);
        var probes = probes(
                new Framing(new FrameLimits(MOST), budget, ahead, yielding::add, new RequestCounters()), connection);
        probes.second().request(10);
        probes.first()
                .sendNext(ByteString.fromArray(join(frame, frame, frame, frame, frame, frame, frame, frame, frame)));
        probes.second().expectNextN(8);
        probes.first().sendComplete();
        Awaitility.await().until(() -> !yielding.isEmpty());

        yielding.remove().run();

        probes.second().expectNext();
        probes.second().expectComplete();
    }

    @Test
    void aClaimStillWaitingWhenTheClientClosedIsServed() {
        ByteBudget tight = new ByteBudget(1);
        Runnable taken = allOf(tight);
        byte[] sent = frame(ApiKeys.PRODUCE, 5000);
        var probes = probes(tight);
        probes.second().request(1);
        probes.first().sendNext(ByteString.fromArray(sent));
        probes.first().sendComplete();
        Awaitility.await().until(tight::contended);

        taken.run();

        assertThat(probes.second().expectNext().frame()).isEqualTo(part(sent, 4, sent.length));
        probes.second().expectComplete();
    }

    @Test
    void aWatchedConnectionIsReadWhileItsRequestsWait() {
        byte[] first = frame(ApiKeys.HEARTBEAT, 8);
        byte[] second = frame(ApiKeys.PRODUCE, 5000);
        var probes = probes();
        probes.second().request(1);
        probes.first().sendNext(ByteString.fromArray(join(first, part(second, 0, 1000))));
        probes.second().expectNext();

        connection.watch().begin();
        probes.first().sendNext(ByteString.fromArray(part(second, 1000, 2000)));
        probes.first().sendNext(ByteString.fromArray(join(part(second, 2000, second.length), first)));
        probes.first().sendComplete();
        Awaitility.await().until(() -> connection.watch().hasClosed());

        assertThat(probes.second().requestNext().frame()).isEqualTo(part(second, 4, second.length));
        assertThat(probes.second().requestNext().frame()).isEqualTo(part(first, 4, first.length));
        probes.second().expectComplete();
    }

    @Test
    void aWatchedConnectionThatIsResetDropsItsRequests() {
        byte[] frame = frame(ApiKeys.HEARTBEAT, 8);
        var probes = probes();
        probes.second().request(1);
        probes.first().sendNext(ByteString.fromArray(join(frame, frame)));
        probes.second().expectNext();

        connection.watch().begin();
        probes.first().sendError(new RuntimeException("reset"));

        probes.second().expectError();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 7, MOST + 1, Integer.MAX_VALUE})
    void anImpossibleSizeEndsTheReadingAtOnce(int size) {
        var probes = probes();

        probes.second().request(1);
        probes.first()
                .sendNext(
                        ByteString.fromArray(ByteBuffer.allocate(4).putInt(size).array()));

        probes.second().expectComplete();
        assertThat(budget.used()).isZero();
    }

    @Test
    void eachApiHasItsOwnBound() {
        byte[] head = ByteBuffer.allocate(6)
                .putInt((64 << 10) + 1)
                .putShort(ApiKeys.HEARTBEAT.id)
                .array();
        var probes = probes();

        probes.second().request(1);
        probes.first().sendNext(ByteString.fromArray(head));

        probes.second().expectComplete();
        assertThat(budget.used()).isZero();
    }

    @Test
    void anAnnouncedSizeTakesNoMemory() {
        var probes = probes();
        probes.second().request(1);

        probes.first().sendNext(ByteString.fromArray(part(frame(ApiKeys.PRODUCE, MOST), 0, 14)));

        Awaitility.await().until(() -> budget.used() > 0);
        assertThat(budget.used()).isLessThan(4096);
    }

    @Test
    void aFrameTakesAFewTimesWhatHasArrivedOfIt() {
        byte[] large = frame(ApiKeys.PRODUCE, MOST);
        var probes = probes();
        probes.second().request(1);
        for (int at = 0; at < MOST - 40_000; at += 10_000) {
            probes.first().sendNext(ByteString.fromArray(part(large, at, at + 10_000)));
            int arrived = at + 10_000;
            Awaitility.await().until(() -> budget.used() >= Math.min(MOST, arrived));
            assertThat(budget.used()).isLessThanOrEqualTo(Math.min(MOST, 4L * arrived));
        }
    }

    @Test
    void withoutMemoryTheConnectionIsNotRead() {
        byte[] large = frame(ApiKeys.PRODUCE, MOST);
        ByteBudget tight = new ByteBudget(1);
        Runnable taken = allOf(tight);
        var probes = probes(tight);

        probes.second().request(1);
        probes.first().sendNext(ByteString.fromArray(part(large, 0, 100_000)));
        Awaitility.await().until(tight::contended);
        probes.second().expectNoMessage(A_WHILE);
        taken.run();
        probes.first().sendNext(ByteString.fromArray(part(large, 100_000, large.length)));

        assertThat(probes.second().requestNext().frame()).isEqualTo(part(large, 4, large.length));
    }

    @Test
    void anIncompleteFrameReleasesItsMemoryWhenTheClientCloses() {
        var probes = probes();
        probes.second().request(1);
        probes.first().sendNext(ByteString.fromArray(part(frame(ApiKeys.PRODUCE, 5000), 0, 100)));
        Awaitility.await().until(() -> budget.used() > 0);

        probes.first().sendComplete();

        probes.second().expectComplete();
        Awaitility.await().until(() -> budget.used() == 0);
    }

    @Test
    void aWaitingClaimIsWithdrawnWhenTheClientCloses() {
        ByteBudget tight = new ByteBudget(1);
        Runnable taken = allOf(tight);
        var probes = probes(tight);
        probes.second().request(1);
        probes.first().sendNext(ByteString.fromArray(frame(ApiKeys.PRODUCE, 5000)));
        Awaitility.await().until(tight::contended);

        probes.first().sendError(new RuntimeException("reset"));

        probes.second().expectError();
        Awaitility.await().until(() -> !tight.contended());
        taken.run();
        assertThat(tight.used()).isZero();
    }

    @Test
    void bytesBeforeTheirTurnAreBoundedOverAllConnections() {
        byte[] request = frame(ApiKeys.PRODUCE, 100_000);
        var first = probes();
        var second = probes(Streams.connection());
        for (var probes : List.of(first, second)) {
            probes.second().request(1);
            probes.first().sendNext(ByteString.fromArray(join(request, request)));
            probes.second().expectNext();
        }

        var third = probes(Streams.connection());
        third.second().request(1);
        third.first().sendNext(ByteString.fromArray(join(request, request)));

        third.second().expectNext();
        third.first().expectCancellation();
        second.second().request(1);
        second.second().expectNext();
        first.second().request(1);
        first.second().expectNext();
    }

    @Test
    void drainingTakesNoMoreRequestsButLeavesTheClientConnected() {
        var probes = probes();
        probes.second().request(1);

        connection.end(Ending.DRAIN);

        probes.second().expectComplete();
        probes.second().expectNoMessage(A_WHILE);
        connection.end(Ending.ABORT);
        probes.first().expectCancellation();
    }

    @Test
    void anIncompleteFrameReleasesItsMemoryWhenNoMoreRequestsAreTaken() {
        var probes = probes();
        probes.second().request(1);
        probes.first().sendNext(ByteString.fromArray(part(frame(ApiKeys.PRODUCE, 5000), 0, 100)));
        Awaitility.await().until(() -> budget.used() > 0);

        connection.end(Ending.DRAIN);

        probes.second().expectComplete();
        Awaitility.await().until(() -> budget.used() == 0);
    }

    /** Takes a small and a large claim, so that both parts are full. */
    private static Runnable allOf(ByteBudget tight) {
        ByteBudget.Claim large = tight.claim(0);
        assertThat(large.grow(1 << 20, true, () -> {})).isTrue();
        ByteBudget.Claim small = tight.claim(0);
        assertThat(small.grow(1000, true, () -> {})).isTrue();
        return () -> {
            large.release();
            small.release();
        };
    }

    private Pair<TestPublisher.Probe<ByteString>, TestSubscriber.Probe<Exchange>> probes() {
        return probes(budget);
    }

    private Pair<TestPublisher.Probe<ByteString>, TestSubscriber.Probe<Exchange>> probes(ByteBudget memory) {
        return probes(memory, connection);
    }

    private Pair<TestPublisher.Probe<ByteString>, TestSubscriber.Probe<Exchange>> probes(Connection own) {
        return probes(budget, own);
    }

    private Pair<TestPublisher.Probe<ByteString>, TestSubscriber.Probe<Exchange>> probes(
            ByteBudget memory, Connection own) {
        return probes(new Framing(new FrameLimits(MOST), memory, ahead, Runnable::run, new RequestCounters()), own);
    }

    private static Pair<TestPublisher.Probe<ByteString>, TestSubscriber.Probe<Exchange>> probes(
            Framing framing, Connection own) {
        var probes = TestSource.<ByteString>create(streams.system())
                .via(Streams.layer(framing, own))
                .toMat(TestSink.create(streams.system()), Keep.both())
                .run(streams.system());
        probes.second().ensureSubscription();
        return probes;
    }

    private List<byte[]> framed(byte[]... pieces) {
        return Source.from(List.of(pieces))
                .map(ByteString::fromArray)
                .via(Streams.layer(
                        new Framing(new FrameLimits(MOST), budget, ahead, Runnable::run, new RequestCounters()),
                        Streams.connection()))
                .map(Exchange::frame)
                .runWith(Sink.seq(), streams.system())
                .toCompletableFuture()
                .join();
    }

    private static byte[] frame(ApiKeys api, int size) {
        ByteBuffer frame = ByteBuffer.allocate(4 + size).putInt(size).putShort(api.id);
        while (frame.hasRemaining()) {
            frame.put((byte) frame.position());
        }
        return frame.array();
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        return java.util.Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] join(byte[]... frames) {
        ByteBuffer all = ByteBuffer.allocate(
                java.util.Arrays.stream(frames).mapToInt(f -> f.length).sum());
        for (byte[] frame : frames) {
            all.put(frame);
        }
        return all.array();
    }
}
