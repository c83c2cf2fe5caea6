package io.aeon.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.metadata.image.KRaftImage;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.metadata.RegisterControllerRecord;
import org.apache.kafka.common.metadata.RegisterControllerRecord.ControllerEndpoint;
import org.apache.kafka.common.metadata.RegisterControllerRecord.ControllerEndpointCollection;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.apache.kafka.raft.RaftClient;
import org.junit.jupiter.api.Test;

class ControllerNodesTest {
    private static final LeaderAndEpoch LEADER = new LeaderAndEpoch(OptionalInt.of(1), 5);

    private KRaftImage image = new KRaftImage("cluster", MetadataImage.EMPTY);

    @Test
    void theLogsAddressOfTheLeaderComesFirst() {
        register(1, "registered", 9093);
        Node voter = new Node(1, "voter", 9093);

        assertThat(node(LEADER, Optional.of(voter))).contains(voter);
    }

    @Test
    void theLeaderOfAQuorumWithStaticVotersIsWhereItHasRegistered() {
        register(1, "one", 9093);
        register(2, "two", 9095);

        assertThat(node(LEADER, Optional.empty())).contains(new Node(1, "one", 9093));
    }

    @Test
    void noLeaderAndNoAddressMeanNoNode() {
        assertThat(node(LEADER, Optional.empty())).isEmpty();
        register(1, "one", 9093);
        assertThat(node(new LeaderAndEpoch(OptionalInt.empty(), 6), Optional.empty()))
                .isEmpty();
    }

    private Optional<Node> node(LeaderAndEpoch leader, Optional<Node> voter) {
        RaftClient<?> raft = (RaftClient<?>) Proxy.newProxyInstance(
                RaftClient.class.getClassLoader(),
                new Class<?>[] {RaftClient.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "leaderAndEpoch" -> leader;
                    case "voterNode" -> voter.filter(node -> arguments[0].equals(node.id()));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return new ControllerNodes(raft, () -> image).active();
    }

    private void register(int id, String host, int port) {
        ControllerEndpointCollection endpoints = new ControllerEndpointCollection();
        endpoints.add(
                new ControllerEndpoint().setName("CONTROLLER").setHost(host).setPort(port));
        MetadataDelta delta =
                new MetadataDelta.Builder().setImage(image.kafka()).build();
        delta.replay(new RegisterControllerRecord().setControllerId(id).setEndPoints(endpoints));
        image = new KRaftImage("cluster", delta.apply(new MetadataProvenance(id, 1, 0, true)));
    }
}
