package io.aeon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's server.properties, as a whole file and line by line in aeon.conf. */
class ServerPropertiesTest {
    private static final String SINGLE_NODE = """
            # one node, as Kafka's own example has it
            process.roles=broker,controller
            node.id=7
            broker.rack=eu-1a
            controller.quorum.bootstrap.servers=localhost:9093
            listeners=PLAINTEXT://:9092,CONTROLLER://:9093
            inter.broker.listener.name=PLAINTEXT
            advertised.listeners=PLAINTEXT://broker.example:9092,CONTROLLER://localhost:9093
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL
            num.network.threads=3
            num.io.threads=8
            socket.send.buffer.bytes=102400
            socket.receive.buffer.bytes=102400
            socket.request.max.bytes=104857600
            log.dirs=/var/lib/kafka
            num.partitions=3
            num.recovery.threads.per.data.dir=2
            offsets.topic.replication.factor=1
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            log.retention.hours=168
            log.segment.bytes=1073741824
            log.retention.check.interval.ms=300000
            log.cleanup.policy=delete, compact
            max.connections=500
            max.connections.per.ip=50
            """;

    @TempDir
    Path dir;

    @Test
    void aCommonFileIsAccepted() throws Exception {
        AeonSettings settings = load(SINGLE_NODE);

        assertThat(settings.nodeId()).isEqualTo(7);
        assertThat(settings.rack()).contains("eu-1a");
        assertThat(settings.kafka().getString("broker.rack")).isEqualTo("eu-1a");
        assertThat(settings.dataDir()).isEqualTo(Path.of("/var/lib/kafka"));
        assertThat(settings.listeners())
                .containsExactly(
                        Map.entry("client", new ListenerSettings("client", "0.0.0.0", 9092, "broker.example", 9092)));
        assertThat(settings.kafka().getInt("num.partitions")).isEqualTo(3);
        assertThat(settings.kafka().getList("log.cleanup.policy")).containsExactly("delete", "compact");
        assertThat(settings.kafka().getInt("max.connections")).isEqualTo(500);
        assertThat(settings.kafka().getInt("max.connections.per.ip")).isEqualTo(50);
    }

    @Test
    void aBrokerOnlyJoinsTheControllersThatAreNamed() throws Exception {
        String broker = """
                process.roles=broker
                node.id=4
                listeners=PLAINTEXT://broker.example:9092
                controller.listener.names=CONTROLLER
                """;
        AeonSettings found = load(broker + "controller.quorum.bootstrap.servers=one:9093,two:9093\n");
        AeonSettings known = load(broker + "controller.quorum.voters=1@one:9093,2@two:9093\n");

        assertThat(found.quorum()).isEqualTo(known.quorum());
        assertThat(found.quorum().join())
                .containsExactly(
                        InetSocketAddress.createUnresolved("one", 9093),
                        InetSocketAddress.createUnresolved("two", 9093));
        assertThat(found.quorum().hasController()).isFalse();
        assertThat(found.kafka().getList("process.roles")).containsExactly("broker");
    }

    @Test
    void aeonsOwnSettingsAreShownWithKafkasNames() throws Exception {
        KafkaSettings kafka = load(SINGLE_NODE).kafka();

        assertThat(kafka.getInt("node.id")).isEqualTo(7);
        assertThat(kafka.getInt("broker.id")).isEqualTo(7);
        assertThat(kafka.getList("log.dirs")).containsExactly("/var/lib/kafka");
        assertThat(kafka.getList("listeners")).containsExactly("PLAINTEXT://0.0.0.0:9092");
        assertThat(kafka.getList("advertised.listeners")).containsExactly("PLAINTEXT://broker.example:9092");
        assertThat(kafka.getList("process.roles")).containsExactly("broker", "controller");
    }

    @Test
    void theCommandLineHasPrecedence() throws Exception {
        Path file = Files.writeString(dir.resolve("server.properties"), SINGLE_NODE);

        AeonSettings settings = AeonSettings.load(SettingsSources.ofProcess(
                file,
                Map.of("aeon.listeners.client.port", "19092", "aeon.kafka.node.id", "8"),
                new Properties(),
                Map.of("AEON_KAFKA_LOG_DIRS", "/elsewhere")));

        assertThat(settings.listeners().get("client").port()).isEqualTo(19092);
        assertThat(settings.nodeId()).isEqualTo(8);
        assertThat(settings.dataDir()).isEqualTo(Path.of("/elsewhere"));
    }

    @Test
    void theFirstOfSeveralDirectoriesHoldsTheMetadata() throws Exception {
        AeonSettings settings = load("log.dirs=/a, /b,/c\n");

        assertThat(settings.dataDirs()).containsExactly(Path.of("/a"), Path.of("/b"), Path.of("/c"));
        assertThat(settings.kafka().getList("log.dirs")).containsExactly("/a", "/b", "/c");
    }

    @Test
    void theMetadataCanBeInAnotherDirectoryThanTheFirst() throws Exception {
        AeonSettings settings = load("log.dirs=/a,/b\nmetadata.log.dir=/b\n");

        assertThat(settings.dataDir()).isEqualTo(Path.of("/b"));
        assertThat(settings.furtherDataDirs()).containsExactly(Path.of("/a"));
    }

    @Test
    void furtherListenersKeepTheirNames() throws Exception {
        AeonSettings settings = load("""
                listeners=INTERNAL://10.0.0.7:9092,EXTERNAL://[::1]:9094,CONTROLLER://:9093
                advertised.listeners=EXTERNAL://broker.example:19094
                listener.security.protocol.map=INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT
                """);

        assertThat(settings.listeners().values())
                .containsExactlyInAnyOrder(
                        new ListenerSettings("client", "10.0.0.7", 9092, "", 0),
                        new ListenerSettings("external", "::1", 9094, "broker.example", 19094));
    }

    @Test
    void theListenerCalledPlaintextIsTheClientListener() throws Exception {
        AeonSettings settings = load("""
                listeners=INTERNAL://10.0.0.7:9092,PLAINTEXT://10.0.0.7:9094
                listener.security.protocol.map=INTERNAL:PLAINTEXT,PLAINTEXT:PLAINTEXT
                """);

        assertThat(settings.listeners().values())
                .containsExactlyInAnyOrder(
                        new ListenerSettings("internal", "10.0.0.7", 9092, "", 0),
                        new ListenerSettings("client", "10.0.0.7", 9094, "", 0));
        assertThat(settings.kafka().getList("listeners"))
                .containsExactlyInAnyOrder("INTERNAL://10.0.0.7:9092", "PLAINTEXT://10.0.0.7:9094");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            A://:1,PLAINTEXT://:2,B://:3 |           | client,a,b
            A://:1,PLAINTEXT://:2,B://:3 | PLAINTEXT | client,a,b
            A://:1,PLAINTEXT://:2,B://:3 | b         | b,a,client
            A://:1,CONTROLLER://:2,B://:3 | A        | client,b
            A://:1,CONTROLLER://:2,B://:3 | B        | b,client
            """)
    void theListenerForNodesIsTheOneThatIsNamed(String listeners, String named, String order) throws Exception {
        AeonSettings settings = load(
                "listeners=" + listeners + "\n" + (named == null ? "" : "inter.broker.listener.name=" + named + "\n"));

        assertThat(settings.listenersForNodes()).containsExactly(order.split(",", -1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            log.dirs=/a,/b,/a                                     | aeon.further-data-dirs                    | /a is named twice among the data directories
            log.dirs=/a,/a/b                                      | aeon.further-data-dirs                    | one lies inside the other
            log.dirs=/a,                                          | aeon.further-data-dirs                    | must not be empty
            log.dirs=                                             | aeon.kafka.log.dirs                       | must not be empty
            metadata.log.dir=/m                                   | aeon.kafka.metadata.log.dir               | must be one of log.dir
            process.roles=broker                                  | aeon.roles                                | needs aeon.join
            process.roles=controller                              | aeon.roles                                | a controller only is not supported yet
            controller.quorum.voters=1@a:9093,2@b:9093            | aeon.kafka.controller.quorum.voters       | use aeon.join
            listeners=SSL://:9092                                 | aeon.kafka.listeners                      | asks for SSL
            listeners=CONTROLLER://:9093                          | aeon.kafka.listeners                      | the list contains no listener for clients
            listeners=localhost:9092                              | aeon.kafka.listeners                      | "localhost:9092" is not an address such as
            listeners=PLAINTEXT://a:1,PLAINTEXT://b:99999         | aeon.listeners.client.port                | 99999 is not between 0 and 65535
            advertised.listeners=PLAINTEXT://0.0.0.0:9092         | aeon.listeners.client.advertised-host     | no client can connect to it
            ssl.keystore.password=secret                          | aeon.kafka.ssl.keystore.password          | TLS, SASL and ACLs are not supported yet
            super.users=User:admin                                | aeon.kafka.super.users                    | TLS, SASL and ACLs are not supported yet
            metric.reporters=com.example.Reporter                 | aeon.kafka.metric.reporters               | Aeon does not load Kafka plug-ins
            remote.log.storage.system.enable=true                 | aeon.kafka.remote.log.storage.system.enable | tiered storage is not supported yet
            replica.selector.class=com.example.Selector           | aeon.kafka.replica.selector.class         | there are only org.apache.kafka.common.replica.RackAware
            inter.broker.listener.name=INTERNAL                   | aeon.kafka.inter.broker.listener.name     | names no listener for clients; there are PLAINTEXT
            num.partition=3                                       | aeon.kafka.num.partition                  | is not a broker setting of Kafka 4.4
            log.retention.hours=0                                 | aeon.kafka.log.retention.hours            | must be unlimited
            """)
    void anUnsupportedSettingIsRefusedWithItsNameAndLine(String line, String path, String problem) {
        assertThatThrownBy(() -> load("# comment\n" + line + "\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(path + ": ")
                .hasMessageContaining(problem)
                .hasMessageEndingWith("server.properties: 2)");
    }

    @Test
    void theOnlyVoterMustBeThisNode() throws IOException {
        String node = "process.roles=broker,controller\nnode.id=2\n";

        assertThatThrownBy(() -> load(node + "controller.quorum.voters=1@one:9093\n"))
                .hasMessageStartingWith("aeon.kafka.controller.quorum.voters: use aeon.join");
        assertThat(load(node + "controller.quorum.voters=2@two:9093\n").nodeId())
                .isEqualTo(2);
    }

    @Test
    void anEmptyListIsNotSet() throws IOException {
        AeonSettings alone = load("node.id=2\ncontroller.quorum.voters=\ncontroller.quorum.bootstrap.servers=\n");
        AeonSettings broker = load("""
                process.roles=broker
                node.id=4
                listeners=PLAINTEXT://broker.example:9092
                controller.listener.names=
                listener.security.protocol.map=
                controller.quorum.voters=
                controller.quorum.bootstrap.servers=one:9093
                """);

        assertThat(alone.nodeId()).isEqualTo(2);
        assertThat(broker.quorum().join()).containsExactly(InetSocketAddress.createUnresolved("one", 9093));
    }

    @Test
    void twoDifferentNodeIdsAreRefused() {
        assertThatThrownBy(() -> load("node.id=1\nbroker.id=2\n"))
                .hasMessageStartingWith("aeon.kafka.broker.id: node.id and broker.id must be set to the same value");
    }

    @Test
    void anAdvertisedListenerMustBeOneOfTheListeners() {
        assertThatThrownBy(() -> load("listeners=A://:1\nadvertised.listeners=B://b:1\n"))
                .hasMessageStartingWith("aeon.kafka.advertised.listeners: listener B is not among listeners");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sasl.enabled.mechanisms=GSSAPI", "authorizer.class.name=", "log.cleaner.enable=true"})
    void kafkasDefaultOfAnUnsupportedSettingIsAccepted(String line) throws Exception {
        assertThat(load(line).nodeId()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            log.cleanup.policy=compact,delete          | log.cleanup.policy         | compact,delete
            log.cleanup.policy=delete, compact         | log.cleanup.policy         | delete, compact
            listeners=PLAINTEXT://10.0.0.1:9092        | listeners                  | PLAINTEXT://10.0.0.1:9092
            log.retention.ms=604800000                 | log.retention.ms           | 604800000
            log.message.timestamp.type=LogAppendTime   | log.message.timestamp.type | LogAppendTime
            num.partitions = 3 # three                 | num.partitions             | 3
            "num.partitions" : 3                       | num.partitions             | 3
            log.cleanup.policy = [compact, delete]     | log.cleanup.policy         | compact,delete
            """)
    void aLineInAeonConfMeansWhatItMeansInServerProperties(String line, String name, String value) throws Exception {
        for (String text :
                List.of("aeon.kafka {\n" + line + "\n}\n", "aeon {\n  kafka {\n    " + line + "\n  }\n}\n")) {
            Path file = Files.writeString(dir.resolve("aeon.conf"), text);

            AeonSettings settings =
                    AeonSettings.load(SettingsSources.ofProcess(file, Map.of(), new Properties(), Map.of()));

            assertThat(settings.kafka().originals()).containsEntry(name, value);
        }
    }

    @Test
    void hoconValuesInTheKafkaBlockStayHocon() throws Exception {
        Path file = Files.writeString(dir.resolve("aeon.conf"), """
                aeon {
                  node-id = 3
                  kafka {
                    # a comment with a brace {
                    max.connections=7
                    max.connections.per.ip=6
                    log {
                      retention.hours = 5
                    }
                    num.partitions = ${aeon.node-id}
                  }
                  data-dir = "after, the block"
                }
                """);

        AeonSettings settings =
                AeonSettings.load(SettingsSources.ofProcess(file, Map.of(), new Properties(), Map.of()));

        assertThat(settings.kafka().getInt("max.connections")).isEqualTo(7);
        assertThat(settings.kafka().getInt("max.connections.per.ip")).isEqualTo(6);
        assertThat(settings.kafka().getInt("log.retention.hours")).isEqualTo(5);
        assertThat(settings.kafka().getInt("num.partitions")).isEqualTo(3);
        assertThat(settings.dataDir()).endsWithRaw(Path.of("after, the block"));
    }

    @Test
    void settingsWhoseNameIsAPrefixOfAnotherWorkTogetherFromEverySource() {
        AeonSettings settings = AeonSettings.load(SettingsSources.ofProcess(
                null,
                Map.of("aeon.kafka.max.connections", "5"),
                new Properties(),
                Map.of("AEON_KAFKA_MAX_CONNECTIONS_PER_IP", "4")));

        assertThat(settings.kafka().getInt("max.connections")).isEqualTo(5);
        assertThat(settings.kafka().getInt("max.connections.per.ip")).isEqualTo(4);
    }

    private AeonSettings load(String properties) throws IOException {
        Path file = Files.writeString(dir.resolve("server.properties"), properties);
        return AeonSettings.load(SettingsSources.ofProcess(file, Map.of(), new Properties(), Map.of()));
    }
}
