package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.Done;
import akka.japi.Pair;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.util.ByteString;
import io.aeon.api.Reply;
import io.aeon.api.SliceRecords;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class EncodingTest {
    private static final int PIECE = 128 << 10;
    private static final Duration A_WHILE = Duration.ofMillis(50);

    @RegisterExtension
    static final Streams streams = new Streams();

    private final Connection connection = Streams.connection();
    private final Queue<Runnable> blocking = new ConcurrentLinkedQueue<>();

    @Test
    void smallRepliesLeaveTogetherWhileTheSocketIsBusy() {
        var probes = encoding();
        probes.second().ensureSubscription();
        for (int i = 0; i < 5; i++) {
            probes.first().sendNext(answered(ApiKeys.HEARTBEAT, i, Reply.of(new HeartbeatResponseData())));
        }
        probes.second().expectNoMessage(A_WHILE);

        ByteBuffer bytes = probes.second().requestNext().toByteBuffer();

        for (int i = 0; i < 5; i++) {
            int size = bytes.getInt();
            assertThat(bytes.getInt()).isEqualTo(i);
            bytes.position(bytes.position() + size - Integer.BYTES);
        }
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void aLargeReplyIsReadOnlyAsFastAsItIsWritten() {
        Slice slice = new Slice(10 * PIECE, true);
        var probes = encoding();
        probes.second().ensureSubscription();
        probes.first().sendNext(fetched(1, slice));
        probes.second().expectNoMessage(A_WHILE);
        assertThat(slice.copied).isLessThanOrEqualTo(PIECE);
        assertThat(slice.closed).isFalse();

        ByteString all = ByteString.emptyByteString();
        while (all.isEmpty() || all.size() < Integer.BYTES + all.toByteBuffer().getInt()) {
            ByteString piece = probes.second().requestNext();
            assertThat(piece.size()).isLessThanOrEqualTo(PIECE);
            all = all.concat(piece);
        }

        assertThat(recordsOf(all)).isEqualTo(ByteBuffer.wrap(slice.bytes));
        assertThat(slice.closed).isTrue();
    }

    @Test
    void aSliceThatWaitsForADiskIsReadWhereItMayBlock() {
        Slice slice = new Slice(PIECE + PIECE / 2, false);
        var probes = encoding();
        probes.second().request(10);
        probes.first().sendNext(fetched(1, slice));

        runBlocking();
        ByteString first = probes.second().expectNext();
        runBlocking();
        ByteString second = probes.second().expectNext();

        assertThat(recordsOf(first.concat(second))).isEqualTo(ByteBuffer.wrap(slice.bytes));
        assertThat(slice.closed).isTrue();
    }

    @Test
    void aSliceThatAnotherThreadUsesIsClosedAfterwards() {
        Slice slice = new Slice(100, false);
        var probes = encoding();
        probes.second().request(10);
        probes.first().sendNext(fetched(1, slice));
        await().until(() -> !blocking.isEmpty());

        probes.second().cancel();
        probes.first().expectCancellation();
        connection.stopped();
        assertThat(slice.closed).isFalse();
        runBlocking();

        await().until(() -> slice.closed);
    }

    @Test
    void aReplyThatCannotBeReadEndsTheConnection() {
        Slice slice = new Slice(100, true);
        slice.broken = true;
        var probes = encoding();
        probes.second().request(10);

        probes.first().sendNext(fetched(1, slice));

        probes.second().expectError();
        connection.stopped();
        await().until(() -> slice.closed);
    }

    @Test
    void slicesOfRepliesThatAreNotSentAreClosed() {
        Slice sent = new Slice(10 * PIECE, true);
        Slice late = new Slice(100, true);
        Exchange unanswered = Streams.exchange(ApiKeys.FETCH, 2);
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        unanswered.handledBy(reply);
        connection.begin(unanswered);
        var probes = encoding();
        probes.second().request(1);
        probes.first().sendNext(fetched(1, sent));
        probes.second().expectNext();

        probes.second().cancel();
        probes.first().expectCancellation();
        connection.stopped();
        await().until(() -> sent.closed);
        reply.complete(reply(late));

        await().until(() -> late.closed);
    }

    @Test
    void whatTheSocketTakesAtOnceGoesThereAndRecordsAreNotCopied() {
        Slice slice = new Slice(3 * PIECE, true);
        FakeSocket socket = new FakeSocket(() -> Integer.MAX_VALUE);

        serve(socket, List.of(slice)).join();

        assertThat(recordsOf(ByteString.fromArray(socket.bytes()))).isEqualTo(ByteBuffer.wrap(slice.bytes));
        assertThat(socket.writtenByAkka).isFalse();
        assertThat(slice.copied).isZero();
        assertThat(slice.closed).isTrue();
    }

    @Test
    void aLargeReplyToAFastReaderLetsOtherWorkGoFirstNowAndThen() {
        Slice slice = new Slice(10 * PIECE, true);
        FakeSocket socket = new FakeSocket(() -> PIECE);
        Queue<Runnable> yielding = new ConcurrentLinkedQueue<>();

        CompletableFuture<Done> served = serve(socket, List.of(slice), yielding::add);

        for (int turns = 0; turns < 2; turns++) {
            await().until(() -> !yielding.isEmpty());
            assertThat(served).isNotDone();
            yielding.remove().run();
        }
        served.join();
        assertThat(recordsOf(ByteString.fromArray(socket.bytes()))).isEqualTo(ByteBuffer.wrap(slice.bytes));
    }

    @Test
    void repliesKeepTheirOrderHoweverMuchTheSocketTakes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        FakeSocket socket = new FakeSocket(() -> random.nextInt(4) == 0 ? 0 : random.nextInt(2 * PIECE));
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            slices.add(new Slice(1 + random.nextInt(random.nextInt(4) == 0 ? 10 * PIECE : 1000), random.nextBoolean()));
        }

        serve(socket, slices).join();

        ByteBuffer bytes = ByteBuffer.wrap(socket.bytes());
        for (Slice slice : slices) {
            byte[] frame = new byte[Integer.BYTES + bytes.getInt(bytes.position())];
            bytes.get(frame);
            assertThat(recordsOf(ByteString.fromArray(frame)))
                    .describedAs("seed %d", seed)
                    .isEqualTo(ByteBuffer.wrap(slice.bytes));
        }
        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(slices).allMatch(slice -> slice.closed);
    }

    @Test
    void aSocketThatIsBrokenEndsTheConnection() {
        FakeSocket socket = new FakeSocket(() -> -1);

        CompletableFuture<Done> served = serve(socket, List.of(new Slice(10, true)));

        assertThat(served).failsWithin(Duration.ofSeconds(60));
    }

    @Test
    void theLastWriteIsOverBeforeTheStageEnds() {
        var probes = encoding();
        probes.second().request(1);
        probes.first().sendNext(answered(ApiKeys.HEARTBEAT, 1, Reply.of(new HeartbeatResponseData())));
        probes.second().expectNext();
        probes.first().sendComplete();
        probes.second().expectNoMessage(A_WHILE);
        assertThat(connection.deadlines().exceeded(later(3600), Duration.ofHours(1), Duration.ofHours(2)))
                .contains("does not read a reply");

        probes.second().request(1);

        probes.second().expectComplete();
    }

    @Test
    void aConnectionThatIsClosedDuringAWriteEndsAfterIt() {
        var probes = encoding();
        probes.second().request(1);
        probes.first().sendNext(fetched(1, new Slice(10 * PIECE, true)));
        probes.second().expectNext();

        connection.end(Connection.Ending.CLOSE);
        probes.first().expectCancellation();
        probes.second().expectNoMessage(A_WHILE);
        probes.second().request(1);

        probes.second().expectComplete();
    }

    @Test
    void aWriteThatDoesNotEndIsCutShortSecondsAfterTheClose() {
        var probes = encoding();
        probes.second().request(1);
        probes.first().sendNext(answered(ApiKeys.HEARTBEAT, 1, Reply.of(new HeartbeatResponseData())));
        probes.second().expectNext();

        long before = System.nanoTime();
        connection.end(Connection.Ending.CLOSE);
        probes.first().expectCancellation();
        assertThat(connection.deadlines().overdue(before + Duration.ofSeconds(4).toNanos()))
                .isFalse();
        assertThat(connection.deadlines().overdue(later(6))).isTrue();
        connection.end(Connection.Ending.ABORT);

        probes.second().expectError();
    }

    @Test
    void whatTheSocketTakesDirectlyIsTraffic() {
        for (int size : new int[] {10, 3 * PIECE}) {
            FakeSocket socket = new FakeSocket(() -> Integer.MAX_VALUE);
            Connection quiet = Streams.connection(socket);
            CompletableFuture<Exchange> late = new CompletableFuture<>();
            var end = Source.single(fetched(1, new Slice(1, true)))
                    .concat(Source.completionStage(late))
                    .concatMat(Source.<Exchange>maybe(), Keep.right())
                    .via(Streams.layer(new Encoding(Runnable::run, Runnable::run), quiet))
                    .to(Sink.ignore())
                    .run(streams.system());
            await().until(() -> socket.bytes().length > 0);
            await().until(() -> {
                quiet.deadlines().active(later(-7200));
                return isIdle(quiet);
            });

            late.complete(fetched(2, new Slice(size, true)));

            await().until(() -> !isIdle(quiet));
            end.complete(Optional.empty());
        }
    }

    private static boolean isIdle(Connection connection) {
        return connection.deadlines().exceeded(System.nanoTime(), Duration.ofHours(1), Duration.ofHours(1)) != null;
    }

    @Test
    void bytesThatWaitForTheClientDoNotKeepTheRestOfTheirReply() {
        MetadataResponseData large = new MetadataResponseData();
        for (int i = 0; i < 30; i++) {
            large.topics().add(new MetadataResponseTopic().setName(i + "t".repeat(30_000)));
        }
        List<ByteString> byAkka = new ArrayList<>();
        FakeSocket socket = new FakeSocket(() -> 1000);

        Source.single(answered(ApiKeys.METADATA, 1, Reply.of(large)))
                .via(Streams.layer(new Encoding(Runnable::run, Runnable::run), Streams.connection(socket)))
                .runWith(Sink.foreach(byAkka::add), streams.system())
                .toCompletableFuture()
                .join();

        assertThat(byAkka).isNotEmpty().allMatch(ByteString::isCompact);
    }

    private static long later(long seconds) {
        return System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    }

    /** One reply for each slice. Bytes that go through Akka reach the same socket. */
    private CompletableFuture<Done> serve(FakeSocket socket, List<Slice> slices) {
        return serve(socket, slices, Runnable::run);
    }

    private CompletableFuture<Done> serve(FakeSocket socket, List<Slice> slices, Executor yielding) {
        return Source.from(slices)
                .map(slice -> fetched(1, slice))
                .via(Streams.layer(new Encoding(Runnable::run, yielding), Streams.connection(socket)))
                .runWith(Sink.foreach(socket::writeAll), streams.system())
                .toCompletableFuture();
    }

    private void runBlocking() {
        await().until(() -> !blocking.isEmpty());
        blocking.remove().run();
    }

    private Exchange fetched(int correlationId, Slice slice) {
        return answered(ApiKeys.FETCH, correlationId, reply(slice));
    }

    private static Reply reply(Slice slice) {
        FetchableTopicResponse topic = new FetchableTopicResponse();
        topic.partitions().add(new PartitionData().setRecords(new SliceRecords(slice)));
        FetchResponseData body = new FetchResponseData();
        body.responses().add(topic);
        return new Reply.WithSlices(body, List.of(slice));
    }

    private Exchange answered(ApiKeys api, int correlationId, Reply reply) {
        Exchange exchange = Streams.exchange(api, correlationId);
        connection.begin(exchange);
        exchange.handledBy(CompletableFuture.completedFuture(reply));
        return exchange;
    }

    private static ByteBuffer recordsOf(ByteString frame) {
        ByteBuffer buffer = ByteBuffer.wrap(frame.toArray());
        assertThat(buffer.getInt()).isEqualTo(buffer.remaining());
        buffer.position(buffer.position() + Integer.BYTES + 1);
        FetchResponseData body = new FetchResponseData(new ByteBufferAccessor(buffer), ApiKeys.FETCH.latestVersion());
        return ((org.apache.kafka.common.record.internal.MemoryRecords)
                        body.responses().get(0).partitions().get(0).records())
                .buffer();
    }

    private Pair<TestPublisher.Probe<Exchange>, TestSubscriber.Probe<ByteString>> encoding() {
        return TestSource.<Exchange>create(streams.system())
                .via(Streams.layer(new Encoding(blocking::add, Runnable::run), connection))
                .toMat(TestSink.create(streams.system()), Keep.both())
                .run(streams.system());
    }

    private static final class Slice implements LogSlice {
        final int size;
        final byte[] bytes;
        final boolean hot;
        volatile boolean broken;
        volatile boolean closed;
        volatile int copied;

        Slice(int size, boolean hot) {
            this.size = size;
            this.hot = hot;
            this.bytes = new byte[size];
            new Random(size).nextBytes(bytes);
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public boolean hot() {
            return hot;
        }

        @Override
        public void copyTo(int from, int length, byte[] target, int position) {
            assertThat(closed).isFalse();
            if (broken) {
                throw new StorageException("expected by the test");
            }
            System.arraycopy(bytes, from, target, position, length);
            copied = from + length;
        }

        @Override
        public int transferTo(int from, int length, WritableByteChannel target) throws IOException {
            assertThat(closed).isFalse();
            return target.write(ByteBuffer.wrap(bytes, from, length));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /**
     * The client's side of a socket: each write takes the next of the given numbers of bytes; a negative number breaks
     * it.
     */
    private static final class FakeSocket implements GatheringByteChannel {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final IntSupplier most;
        private boolean writtenByAkka;

        FakeSocket(IntSupplier most) {
            this.most = most;
        }

        byte[] bytes() {
            return taken.toByteArray();
        }

        void writeAll(ByteString bytes) {
            writtenByAkka = true;
            taken.writeBytes(bytes.toArray());
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int length = Math.min(source.remaining(), most.getAsInt());
            if (length < 0) {
                throw new IOException("expected by the test");
            }
            byte[] bytes = new byte[length];
            source.get(bytes);
            taken.writeBytes(bytes);
            return length;
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            return write(sources[offset]);
        }

        @Override
        public long write(ByteBuffer[] sources) throws IOException {
            return write(sources, 0, sources.length);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
