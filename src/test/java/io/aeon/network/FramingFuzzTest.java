package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;

import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.aeon.PatientWaits;
import io.aeon.api.RequestCounters;
import io.aeon.protocol.FrameLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.provider.MethodSource;

/** However a stranger's bytes arrive, they are cut into the requests that they hold, and no memory is kept. */
class FramingFuzzTest {
    private static final FrameLimits LIMITS = new FrameLimits(64 << 10);
    private static final long ENOUGH = 64 << 20;

    @RegisterExtension
    static final Streams streams = new Streams();

    /** The size of the pieces, two bytes, and then what the client sends. */
    static Stream<byte[]> connections() {
        return Stream.of(
                sent(7, frame(ApiKeys.API_VERSIONS, 8), frame(ApiKeys.PRODUCE, 500), frame(ApiKeys.FETCH, 20)),
                sent(1, frame(ApiKeys.METADATA, 30)),
                sent(4, ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE)),
                sent(300, ByteBuffer.allocate(9).putInt(5)),
                sent(20, frame(ApiKeys.HEARTBEAT, 64 << 10)),
                sent(
                        5000,
                        frame(ApiKeys.PRODUCE, 40_000),
                        ByteBuffer.allocate(14).putInt(50_000)),
                sent(2, ByteBuffer.wrap(new byte[] {0x16, 0x03, 0x01, 0x00, 0x20, 0x01})));
    }

    @MethodSource("connections")
    @FuzzTest(maxDuration = "10m")
    void requestsAreCutAsTheirSizesSay(byte[] connection) throws Exception {
        int piece = connection.length < 2 ? 1 : 1 + (ByteBuffer.wrap(connection).getShort() & 0x7fff);
        ByteBuffer bytes = ByteBuffer.wrap(connection);
        bytes.position(Math.min(2, connection.length));
        ByteBudget budget = new ByteBudget(ENOUGH);
        Connection stranger = Streams.connection();

        CompletableFuture<List<byte[]>> framed = Source.from(pieces(bytes.slice(), piece))
                .via(Streams.layer(
                        new Framing(LIMITS, budget, new ReadAhead(1 << 30), Runnable::run, new RequestCounters()),
                        stranger))
                .map(FramingFuzzTest::takenFrom)
                .runWith(Sink.seq(), streams.system())
                .toCompletableFuture();

        assertThat(PatientWaits.done(framed)).containsExactlyElementsOf(requestsIn(bytes));
        assertThat(budget.used()).isZero();
        // After an impossible size the layer waits for more bytes, and would stay.
        stranger.end(Connection.Ending.ABORT);
    }

    private static byte[] takenFrom(Exchange exchange) {
        byte[] frame = exchange.frame();
        exchange.end();
        return frame;
    }

    /** What is to come out: whole requests up to the first impossible size. */
    private static List<byte[]> requestsIn(ByteBuffer bytes) {
        List<byte[]> requests = new ArrayList<>();
        while (bytes.remaining() >= Integer.BYTES) {
            int size = bytes.getInt();
            if (size < FrameLimits.MIN_BYTES || size > LIMITS.maxBytes() || size > bytes.remaining()) {
                return requests;
            }
            byte[] request = new byte[size];
            bytes.get(request);
            if (size > LIMITS.maxBytes(ByteBuffer.wrap(request).getShort())) {
                return requests;
            }
            requests.add(request);
        }
        return requests;
    }

    private static List<ByteString> pieces(ByteBuffer bytes, int size) {
        List<ByteString> pieces = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] piece = new byte[Math.min(size, bytes.remaining())];
            bytes.get(piece);
            pieces.add(ByteString.fromArray(piece));
        }
        return pieces;
    }

    private static byte[] sent(int piece, ByteBuffer... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                2 + Stream.of(parts).mapToInt(ByteBuffer::capacity).sum());
        all.putShort((short) (piece - 1));
        for (ByteBuffer part : parts) {
            all.put(part.clear());
        }
        return all.array();
    }

    private static ByteBuffer frame(ApiKeys api, int size) {
        return ByteBuffer.allocate(4 + size).putInt(size).putShort(api.id);
    }
}
