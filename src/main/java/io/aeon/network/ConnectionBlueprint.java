package io.aeon.network;

import akka.NotUsed;
import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import io.aeon.api.ApiTable;
import io.aeon.config.NetworkSettings;
import io.aeon.protocol.FrameLimits;
import io.aeon.protocol.RequestDecoder;
import io.aeon.threads.FairExecutor;
import java.util.concurrent.Executor;

/**
 * The stages between the bytes that a client sends and the bytes that it receives. They are fused and run on one thread
 * at a time:
 *
 * <pre>
 *              +---------+          +----------+          +---------+
 * bytes ------>| framing |- frame ->| decoding |- request->|         |
 *              +---------+          +----------+          | session |--> handlers
 * bytes <-------------------------- | encoding |<- reply -|         |
 *                                   +----------+          +---------+
 * </pre>
 *
 * The stages are created once. The state of a connection is created when they start for it.
 */
final class ConnectionBlueprint {
    /** Half of the processors, so that other requests are served meanwhile. */
    private static final int HEAVY_AT_ONCE = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final Flow<ByteString, ByteString, NotUsed> layers;

    /**
     * @param requests memory for the requests of all connections
     * @param ahead what all connections have sent before its turn
     * @param answers memory for the answers to all connections
     * @param blocking executor for work that may wait for a disk
     * @param yielding executor for work that lets other work go first
     */
    ConnectionBlueprint(
            ApiTable apis,
            FrameLimits limits,
            ByteBudget requests,
            ReadAhead ahead,
            ByteBudget answers,
            NetworkSettings settings,
            Executor blocking,
            Executor yielding) {
        FairExecutor heavy = new FairExecutor(yielding, HEAVY_AT_ONCE);
        layers = Flow.fromGraph(new Framing(limits, requests, ahead, yielding, apis.counters()))
                .via(new Decoding(new RequestDecoder(apis, requests.total()), heavy))
                .via(new Session(apis, settings.pipelineDepth(), answers, settings.bytesInFlight(), heavy))
                .via(new Encoding(blocking, yielding));
    }

    Flow<ByteString, ByteString, NotUsed> serve(Connection connection) {
        return layers.addAttributes(connection.attributes());
    }
}
