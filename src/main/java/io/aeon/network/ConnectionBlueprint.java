package io.aeon.network;

import akka.NotUsed;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import io.aeon.api.ApiTable;
import io.aeon.config.NetworkSettings;
import io.aeon.protocol.FrameLimits;
import io.aeon.protocol.RequestDecoder;
import java.util.concurrent.Executor;

/**
 * What happens between the bytes a client sends and the bytes it gets. Everything runs fused, on one thread at a time:
 *
 * <pre>
 *              +---------+          +----------+          +---------+
 * bytes ------>| framing |- frame ->| decoding |- request->|         |
 *              |         |          |          |          | session |--> handlers
 * bytes <------|         |<- bytes -| encoding |<- reply -|         |
 *              +---------+          +----------+          +---------+
 * </pre>
 */
final class ConnectionBlueprint {
    private final ApiTable apis;
    private final RequestDecoder decoder;
    private final FrameLimits limits;
    private final ByteBudget budget;
    private final int pipelineDepth;
    private final Executor blocking;

    /** @param blocking runs what may wait for a disk */
    ConnectionBlueprint(
            ApiTable apis, FrameLimits limits, ByteBudget budget, NetworkSettings settings, Executor blocking) {
        this.apis = apis;
        this.decoder = new RequestDecoder(apis);
        this.limits = limits;
        this.budget = budget;
        this.pipelineDepth = settings.pipelineDepth();
        this.blocking = blocking;
    }

    Flow<ByteString, ByteString, NotUsed> serve(Connection connection) {
        return framing(connection).atop(codec(connection)).join(session(connection));
    }

    private BidiFlow<ByteString, Exchange, ByteString, ByteString, NotUsed> framing(Connection connection) {
        return BidiFlow.fromFlows(Flow.fromGraph(new Framing(connection, limits, budget)), Flow.create());
    }

    private BidiFlow<Exchange, Exchange, Exchange, ByteString, NotUsed> codec(Connection connection) {
        return BidiFlow.fromFlows(
                Flow.fromGraph(new Decoding(connection, decoder)), Flow.fromGraph(new Encoding(connection, blocking)));
    }

    private Flow<Exchange, Exchange, NotUsed> session(Connection connection) {
        return Flow.fromGraph(new Session(connection, apis, pipelineDepth));
    }
}
