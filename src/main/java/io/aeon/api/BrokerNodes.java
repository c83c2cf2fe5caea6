package io.aeon.api;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.ClusterImage.Endpoint;
import io.aeon.metadata.Metadata;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * The brokers that the client of one connection can be told of: those with a listener of the name it came in by. This
 * broker is where the client has reached it.
 */
public final class BrokerNodes {
    private final ClusterImage image;
    private final int self;
    private final ClientConnection connection;

    private BrokerNodes(ClusterImage image, int self, ClientConnection connection) {
        this.image = image;
        this.self = self;
        this.connection = connection;
    }

    public static BrokerNodes seenFrom(ClientConnection connection, Metadata metadata) {
        return new BrokerNodes(metadata.image(), metadata.nodeId(), connection);
    }

    /** Those in service. */
    public List<Node> inService() {
        return image.brokers().stream()
                .filter(broker -> !broker.fenced())
                .flatMap(broker -> node(broker).stream())
                .toList();
    }

    /** Those in service and those fenced. */
    public List<Node> registered() {
        return image.brokers().stream().flatMap(broker -> node(broker).stream()).toList();
    }

    /** A broker in service. */
    public Optional<Node> inService(int id) {
        return image.broker(id).filter(broker -> !broker.fenced()).flatMap(this::node);
    }

    /**
     * Whom clients are told to be the controller: any broker in service, since each hands on what is the controller's
     * (KIP-590); this one if it is in service, -1 if none is.
     */
    public int controller() {
        return inService(self)
                .or(() -> inService().stream().findFirst())
                .map(Node::id)
                .orElse(-1);
    }

    private Optional<Node> node(Broker broker) {
        @Nullable String rack = broker.rack().orElse(null);
        if (broker.id() == self) {
            return Optional.of(new Node(
                    self,
                    connection.advertised().getHostString(),
                    connection.advertised().getPort(),
                    rack,
                    broker.fenced()));
        }
        Endpoint at = broker.endpoints().get(connection.listener());
        return Optional.ofNullable(at).map(to -> new Node(broker.id(), to.host(), to.port(), rack, broker.fenced()));
    }
}
