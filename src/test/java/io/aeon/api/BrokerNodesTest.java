package io.aeon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.ClusterImage.Endpoint;
import io.aeon.metadata.Metadata;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Test;

class BrokerNodesTest {
    private static final InetSocketAddress REACHED = InetSocketAddress.createUnresolved("reached", 19092);

    private final Broker self = broker(1, "PLAINTEXT", false);
    private final Broker other = broker(2, "PLAINTEXT", false);
    private final Broker fenced = broker(3, "PLAINTEXT", true);
    private final Broker elsewhere = broker(4, "INTERNAL", false);

    @Test
    void brokersInServiceHaveTheirAddressOnTheClientsListener() {
        BrokerNodes nodes = seen(List.of(self, other, fenced, elsewhere));

        assertThat(nodes.inService())
                .containsExactly(
                        new Node(1, "reached", 19092, "rack-1"), new Node(2, "PLAINTEXT.of.2", 9092, "rack-2"));
        assertThat(nodes.registered())
                .contains(new Node(3, "PLAINTEXT.of.3", 9092, "rack-3", true))
                .hasSize(3);
    }

    @Test
    void aCoordinatorIsNamedOnlyIfTheClientCanReachIt() {
        BrokerNodes nodes = seen(List.of(self, other, fenced, elsewhere));

        assertThat(nodes.inService(2)).contains(new Node(2, "PLAINTEXT.of.2", 9092, "rack-2"));
        assertThat(List.of(nodes.inService(3), nodes.inService(4), nodes.inService(5)))
                .containsOnly(Optional.empty());
    }

    @Test
    void theControllerIsThisBrokerOrElseAnotherInService() {
        assertThat(seen(List.of(other, self)).controller()).isEqualTo(1);
        assertThat(seen(List.of(broker(1, "PLAINTEXT", true), other)).controller())
                .isEqualTo(2);
        assertThat(seen(List.of(fenced)).controller()).isEqualTo(-1);
    }

    private static Broker broker(int id, String listener, boolean fenced) {
        return new Broker(
                id,
                7,
                Optional.of("rack-" + id),
                Map.of(listener, new Endpoint(listener + ".of." + id, 9092)),
                fenced,
                false,
                List.of());
    }

    private static BrokerNodes seen(List<Broker> brokers) {
        ClusterImage image = fake(ClusterImage.class, (method, argument) -> switch (method) {
            case "brokers" -> brokers;
            case "broker" ->
                brokers.stream().filter(broker -> argument.equals(broker.id())).findFirst();
            default -> throw new UnsupportedOperationException(method);
        });
        Metadata metadata = fake(Metadata.class, (method, argument) -> method.equals("image") ? image : (Object) 1);
        return BrokerNodes.seenFrom(new ClientConnection("client", REACHED, new InetSocketAddress(0)), metadata);
    }

    private interface Answers {
        Object to(String method, Object argument);
    }

    private static <T> T fake(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.to(method.getName(), arguments == null ? null : arguments[0])));
    }
}
