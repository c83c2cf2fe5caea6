package io.aeon.api;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.Metadata;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * The brokers that the client of one connection may connect to: those that have a listener with the name of the
 * connection's listener. This broker has the address that the connection was given.
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

    /** All brokers in service. */
    public List<Node> inService() {
        return image.brokers().stream()
                .filter(broker -> !broker.fenced())
                .flatMap(broker -> node(broker).stream())
                .toList();
    }

    /** All brokers, in service or fenced. */
    public List<Node> registered() {
        return image.brokers().stream().flatMap(broker -> node(broker).stream()).toList();
    }

    /** The broker with this id, if it is in service. */
    public Optional<Node> inService(int id) {
        return image.broker(id).filter(broker -> !broker.fenced()).flatMap(this::node);
    }

    /**
     * Id of the broker that clients use as the controller, -1 if no broker is in service. Every broker in service
     * forwards requests to the controller (KIP-590), so the id is this broker's if it is in service, else that of any
     * other.
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
        return broker.endpoint(connection.listener())
                .map(at -> new Node(broker.id(), at.host(), at.port(), rack, broker.fenced()));
    }
}
