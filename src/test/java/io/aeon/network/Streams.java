package io.aeon.network;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.stream.FlowShape;
import akka.stream.javadsl.Flow;
import akka.stream.stage.GraphStage;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.ConfigFactory;
import io.aeon.api.ClientConnection;
import io.aeon.api.RequestCounters;
import io.aeon.logging.ClientFaults;
import io.aeon.protocol.Request;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.GatheringByteChannel;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** An actor system that runs single layers of a connection. */
final class Streams implements BeforeAllCallback, AfterAllCallback {
    private ActorSystem system;

    ActorSystem system() {
        return system;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        system = ActorSystem.create(
                "layers",
                ConfigFactory.parseString("akka.loglevel = WARNING, akka.test.single-expect-default = 60s")
                        .withFallback(ConfigFactory.load()));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        TestKit.shutdownActorSystem(system);
    }

    static Connection connection() {
        return connection(1, () -> {});
    }

    static Connection connection(int port, Runnable onEnd) {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new Connection(
                new ClientConnection("client", anywhere, anywhere), null, faults(), connection -> onEnd.run());
    }

    static Connection connection(GatheringByteChannel socket) {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        return new Connection(new ClientConnection("client", anywhere, anywhere), socket, faults(), connection -> {});
    }

    private static ClientFaults faults() {
        return new ClientFaults(LoggerFactory.getLogger(Streams.class), System::nanoTime);
    }

    static <I, O> Flow<I, O, NotUsed> layer(GraphStage<FlowShape<I, O>> stage, Connection connection) {
        return Flow.fromGraph(stage).addAttributes(connection.attributes());
    }

    /** A decoded exchange with a number that identifies it. */
    static Exchange exchange(ApiKeys api, int correlationId) {
        return exchange(api, correlationId, new ByteBudget(1000).claim(0));
    }

    static Exchange exchange(ApiKeys api, int correlationId, ByteBudget.Claim claim) {
        Exchange exchange = new Exchange(new byte[0], claim, new RequestCounters(), 0);
        exchange.decoded(new Request(api, api.latestVersion(), correlationId, "test", api.messageType.newRequest()));
        return exchange;
    }
}
