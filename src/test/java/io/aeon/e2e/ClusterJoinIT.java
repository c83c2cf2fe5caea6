package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonBuilder;
import io.aeon.embedded.StartException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ControllerIdNotRegisteredException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.VoterNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may join a cluster, and as what: node 1 is its controller, node 4 a broker only. */
class ClusterJoinIT {
    /** No broker is fenced because its machine is busy. */
    private static final int SESSION_MS = 30 * 60_000;

    private static final int HEARTBEAT_MS = 300;

    /** A node waits for three sessions by its own setting before it says that another one has its id. */
    private static final int SESSION_OF_TWIN_MS = 2_000;

    @TempDir
    Path dir;

    private Aeon first;
    private Aeon joined;

    @AfterEach
    void stopAll() {
        if (joined != null) {
            joined.close();
        }
        if (first != null) {
            first.close();
        }
    }

    @Test
    void aNodeAloneBecomesTheFirstOfACluster() {
        try (Aeon alone = Aeon.builder().dataDirectory(dir.resolve("1")).start()) {
            assertThat(alone.controller()).isEmpty();
            new Clients(alone).create("before", 1, Map.of());
            new Clients(alone).send("before", List.of("kept"), Map.of());
        }

        form();

        assertThat(Clients.values(new Clients(joined).read("before", 0, 1))).containsExactly("kept");
        assertThat(brokers(joined)).containsExactly(1, 4);
        assertThat(voters(first)).as("a broker only does not vote").containsExactly(1);
        assertThat(joined.controller()).isEmpty();

        joined.close();
        await().atMost(Clients.PATIENCE).until(() -> brokers(first).equals(List.of(1)));
    }

    @Test
    void aSecondNodeOfTheSameIdIsRefused() {
        form();

        assertThatThrownBy(() -> joiner(4)
                        .set("aeon.kafka.broker.session.timeout.ms", SESSION_OF_TWIN_MS)
                        .dataDirectory(dir.resolve("twin"))
                        .start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("Another running node of the cluster has the node id 4");

        assertThat(brokers(first)).containsExactly(1, 4);
    }

    @Test
    void aSecondControllerOfTheSameIdIsRefused() {
        form();

        assertThatThrownBy(() -> joiner(1)
                        .set("aeon.listeners.controller.port", 0)
                        .dataDirectory(dir.resolve("twin"))
                        .start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("Another running controller of the cluster, at "
                        + first.controller().orElseThrow() + ", has the node id 1");

        assertThat(voters(first)).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aControllerThatDoesNotJoinByItselfIsAddedAndRemovedByAnAdministrator(boolean throughBroker) {
        first = patient(builder(1)).set("aeon.listeners.controller.port", 0).start();
        joined = patient(joiner(4))
                .set("aeon.listeners.controller.port", 0)
                .set("aeon.kafka.controller.quorum.auto.join.enable", false)
                .start();
        Map<String, Object> asked = throughBroker
                ? Map.of("bootstrap.servers", joined.bootstrapServers())
                : Map.of("bootstrap.controllers", first.controller().orElseThrow());
        try (Admin admin = Admin.create(asked)) {
            await().atMost(Clients.PATIENCE)
                    .until(() -> !done(admin.describeMetadataQuorum().quorumInfo())
                            .observers()
                            .isEmpty());
            QuorumInfo.ReplicaState observer = done(admin.describeMetadataQuorum()
                            .quorumInfo())
                    .observers()
                    .get(0);
            assertThat(observer.replicaId()).isEqualTo(4);
            assertThat(voters(first)).containsExactly(1);

            String address = joined.controller().orElseThrow();
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            done(admin.addRaftVoter(
                            4,
                            observer.replicaDirectoryId(),
                            Set.of(new RaftVoterEndpoint("CONTROLLER", "127.0.0.1", port)))
                    .all());
            assertThat(voters(first)).containsExactly(1, 4);

            done(admin.removeRaftVoter(4, observer.replicaDirectoryId()).all());
            assertThat(voters(first)).containsExactly(1);
            assertThatThrownBy(() -> done(admin.removeRaftVoter(4, observer.replicaDirectoryId())
                            .all()))
                    .hasCauseInstanceOf(VoterNotFoundException.class);

            assertThatThrownBy(() -> done(admin.unregisterController(5).all()))
                    .hasCauseInstanceOf(ControllerIdNotRegisteredException.class);
        }
    }

    @Test
    void aRunningControllerWhoseRegistrationIsRemovedRegistersAgain() {
        first = builder(1).set("aeon.listeners.controller.port", 0).start();
        joined = joiner(4).set("aeon.listeners.controller.port", 0).start();
        try (Admin admin =
                Admin.create(Map.of("bootstrap.controllers", first.controller().orElseThrow()))) {
            for (int round = 0; round < 2; round++) {
                await().atMost(Clients.PATIENCE).until(() -> nodes(admin).equals(List.of(1, 4)));

                done(admin.unregisterController(4).all());
            }
            await().atMost(Clients.PATIENCE).until(() -> nodes(admin).equals(List.of(1, 4)));
        }
    }

    /** No other node reaches it, so that a new voter could not read the metadata. */
    @Test
    void aNodeThatIsAloneAgainAddsNoVoter() {
        builder(1).set("aeon.listeners.controller.port", 0).start().close();
        first = builder(1).start();

        try (Admin admin = new Clients(first).admin()) {
            assertThatThrownBy(() -> done(admin.addRaftVoter(
                                    4,
                                    Uuid.randomUuid(),
                                    Set.of(new RaftVoterEndpoint("CONTROLLER", "127.0.0.1", first.port())))
                            .all()))
                    .hasCauseInstanceOf(TimeoutException.class);
        }
        assertThat(voters(first)).containsExactly(1);
    }

    private void form() {
        first = builder(1).set("aeon.listeners.controller.port", 0).start();
        joined = joiner(4).start();
    }

    /** The controller refuses a change of the voters that takes longer than a request may take. */
    private static AeonBuilder patient(AeonBuilder node) {
        return node.set("aeon.kafka.controller.quorum.request.timeout.ms", 30_000)
                .set("aeon.kafka.controller.quorum.fetch.timeout.ms", 30_000);
    }

    private AeonBuilder joiner(int id) {
        return builder(id).set("aeon.join", first.controller().orElseThrow());
    }

    private AeonBuilder builder(int id) {
        return Aeon.builder()
                .set("aeon.node-id", id)
                .set("aeon.log.flush", "os")
                .set("aeon.kafka.broker.session.timeout.ms", SESSION_MS)
                .set("aeon.kafka.broker.heartbeat.interval.ms", HEARTBEAT_MS)
                .dataDirectory(dir.resolve(Integer.toString(id)));
    }

    private static List<Integer> brokers(Aeon node) {
        try (Admin admin = new Clients(node).admin()) {
            return nodes(admin);
        }
    }

    private static List<Integer> nodes(Admin admin) {
        return done(admin.describeCluster().nodes()).stream()
                .map(Node::id)
                .sorted()
                .toList();
    }

    private static List<Integer> voters(Aeon node) {
        try (Admin admin = new Clients(node).admin()) {
            return done(admin.describeMetadataQuorum().quorumInfo()).voters().stream()
                    .map(QuorumInfo.ReplicaState::replicaId)
                    .sorted()
                    .toList();
        }
    }
}
