package io.aeon.network;

import akka.Done;
import akka.actor.ActorSystem;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.aeon.api.ClientConnection;
import io.aeon.api.RequestCounters;
import io.aeon.benchmarks.micro.Leaf;
import io.aeon.benchmarks.micro.Samples;
import io.aeon.logging.ClientFaults;
import io.aeon.protocol.FrameLimits;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.slf4j.LoggerFactory;

/** Requests cut out of what TCP delivers; an operation is a request, with its share of a stream from source to sink. */
public class FramingBenchmark extends Leaf {
    private static final int REQUESTS = 1000;

    private final FrameLimits limits = new FrameLimits(100 << 20);
    private final ByteBudget budget = new ByteBudget(1 << 30);
    private final ClientFaults faults =
            new ClientFaults(LoggerFactory.getLogger(FramingBenchmark.class), System::nanoTime);
    private final InetSocketAddress anywhere = InetSocketAddress.createUnresolved("localhost", 9092);
    private ActorSystem system;
    private List<ByteString> fetches;
    private List<ByteString> produces;

    @Setup
    public void prepare() {
        system = ActorSystem.create("micro");
        fetches = Collections.nCopies(REQUESTS, ByteString.fromArray(withLength(Samples.fetch())));
        byte[] produce = withLength(Samples.produce());
        int half = produce.length / 2;
        produces = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            produces.add(ByteString.fromArray(Arrays.copyOf(produce, half)));
            produces.add(ByteString.fromArray(Arrays.copyOfRange(produce, half, produce.length)));
        }
    }

    @TearDown
    public void terminate() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public Done fetchInOneChunk() {
        return frame(fetches);
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public Done produceInTwoChunks() {
        return frame(produces);
    }

    private Done frame(List<ByteString> chunks) {
        Connection connection =
                new Connection(new ClientConnection("micro", anywhere, anywhere), null, faults, ended -> {});
        return Source.from(chunks)
                .via(Flow.fromGraph(new Framing(
                                limits, budget, new ReadAhead(1 << 30), Runnable::run, new RequestCounters()))
                        .addAttributes(connection.attributes()))
                .runWith(Sink.foreach(connection::end), system)
                .toCompletableFuture()
                .join();
    }

    private static byte[] withLength(byte[] request) {
        return ByteBuffer.allocate(Integer.BYTES + request.length)
                .putInt(request.length)
                .put(request)
                .array();
    }
}
