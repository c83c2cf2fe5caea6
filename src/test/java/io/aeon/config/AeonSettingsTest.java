package io.aeon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AeonSettingsTest {
    @Test
    void theDefaultsAreWhatTheReferenceSays() {
        AeonSettings settings = load(Map.of());

        assertThat(settings.dataDir()).isAbsolute().endsWithRaw(Path.of("data"));
        assertThat(settings.nodeId()).isEqualTo(1);
        assertThat(settings.listeners())
                .containsExactly(Map.entry("client", new ListenerSettings("client", "127.0.0.1", 9092, "", 0)));
        assertThat(settings.flush())
                .isEqualTo(new FlushSettings(FlushSettings.Mode.SYNC, Duration.ofSeconds(1), 64 << 20));
        assertThat(settings.minFreeBytes()).isEqualTo(64 << 20);
        assertThat(settings.console()).isEqualTo(new ConsoleSettings("127.0.0.1", 9644, false, false));
        assertThat(settings.kafka().getInt("num.partitions")).isEqualTo(1);
    }

    @Test
    void aPortOfTheConsoleThatIsGivenIsChosenAlsoIfItIsTheDefaultOne() {
        assertThat(load(Map.of("aeon.console.port", 9644)).console().isPortChosen())
                .isTrue();
        assertThat(load(Map.of("aeon.console.write", true)).console().isPortChosen())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            aeon.data-dir                    |            | must not be empty
            aeon.further-data-dirs           | /b,/b      | /b is named twice among the data directories
            aeon.node-id                     | -1         | -1 is not between 0 and 2147483647
            aeon.node-id                     | one        | "one" is not a whole number (given settings)
            aeon.cluster-id                  | a cluster  | "a cluster" is not an id of up to 64 letters, digits, -, _, . and =
            aeon.log.flush                   | always     | "always" is not one of sync, interval, os
            aeon.log.flush-interval          | 5 parsecs  | "5 parsecs" is not a time such as 500ms or 5m
            aeon.log.flush-interval          | 0s         | must be at least 1 ms
            aeon.log.flush-interval-bytes    | 3 apples   | "3 apples" is not a number of bytes such as 64MiB
            aeon.log                         | 3          | "3" is not a block { }
            aeon.network.bytes-in-flight     | 1k         | must be at least 1048576 bytes
            aeon.network.bytes-in-flight     | 0%         | 0% is not between 1% and 100%
            aeon.network.bytes-in-flight     | some%      | "some%" is neither a size
            aeon.network.pipeline-depth      | 0          | 0 is not between 1 and 10000
            aeon.kafka                       | 5          | "5" is not a block { }
            aeon.blocking-threads            | abc        | "abc" is not a whole number (given settings)
            aeon.akka.daemonic               | perhaps    | "perhaps" is not on or off (given settings)
            aeon.network.bandwidth           | 5          | is not a setting of Aeon
            aeon.datadir                     | /x         | is not a setting of Aeon
            aeon.listeners.client.port       | 65536      | 65536 is not between 0 and 65535
            aeon.listeners.client.host       |            | must not be empty
            aeon.listeners.client.adress     | x          | is not a setting of a listener
            aeon.listeners.client.security   | tls        | "tls" is not one of plaintext
            aeon.listeners.second.host       | 127.0.0.1  | is missing
            aeon.console.host                |            | must not be empty
            aeon.console.port                | -2         | -2 is not between -1 and 65535
            aeon.console.write               | perhaps    | "perhaps" is not true or false
            aeon.join                        | a:9093,b   | "b" is not an address such as controller.example:9093
            aeon.join                        | a:99999    | "a:99999" is not an address
            aeon.listeners.controller.host   | 127.0.0.1  | is missing
            aeon.roles                       | broker     | needs aeon.join
            aeon.roles                       | controller | a controller only is not supported yet
            aeon.roles                       | leader     | can have broker and controller only
            aeon.kafka.num.partitions        | 0          | Value must be at least 1
            aeon.kafka.num.partitions        | many       | Not a number of type INT (given settings)
            aeon.kafka.zookeeper.connect     | localhost  | is not a broker setting of Kafka 4.4; leave it out
            aeon.kafka.ssl.keystore.location | x.jks      | is not honoured: TLS, SASL and ACLs are not supported yet
            aeon.kafka.log.retention.ms      | 0          | log.retention.ms must be unlimited (-1) or, greater than or equal to 1
            aeon.kafka.log.retention.minutes | 0          | log.retention.ms must be unlimited (-1) or, greater than or equal to 1
            aeon.kafka.log.retention.hours   | 0          | log.retention.ms must be unlimited (-1) or, greater than or equal to 1
            aeon.kafka.log.roll.ms           | 0          | log.roll.ms must be greater than or equal to 1
            aeon.kafka.log.roll.ms           | -1         | log.roll.ms must be greater than or equal to 1
            aeon.kafka.log.roll.jitter.ms    | -5         | log.roll.jitter.ms must be greater than or equal to 0
            aeon.kafka.log.roll.jitter.hours | -5         | Value must be at least 0
            aeon.kafka.group.consumer.assignors | own.Assignor | group.consumer.assignors names own.Assignor, and there are only uniform and range
            aeon.kafka.group.consumer.session.timeout.ms | 70000 | group.consumer.session.timeout.ms must be less than or equal to group.consumer.max.session.timeout.ms
            aeon.kafka.group.consumer.heartbeat.interval.ms | 1000 | group.consumer.heartbeat.interval.ms must be greater than or equal to group.consumer.min.heartbeat.interval.ms
            aeon.kafka.max.connections.per.ip | 0         | max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.
            aeon.kafka.log.cleaner.threads   | 0          | log.cleaner.threads must be greater than or equal to 1
            aeon.kafka.log.cleaner.dedupe.buffer.size | 1048576 | log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.
            aeon.kafka.log.cleanup.policy    | delete,keep | String must be one of: compact, delete
            """)
    void aWrongValueIsReportedWithItsPath(String path, String value, String problem) {
        assertThatThrownBy(() -> load(Map.of(path, value == null ? "" : value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(problem.equals("is missing") ? path.replace(".host", ".port") : path)
                .hasMessageContaining(problem);
    }

    @Test
    void aNodeJoinsAsAControllerOrAsABrokerOnly() {
        AeonSettings alone = load(Map.of());
        assertThat(alone.quorum().isAlone()).isTrue();
        assertThat(alone.quorum().hasController()).isTrue();

        AeonSettings broker = load(Map.of("aeon.join", "one.example:9093, [::1]:9094"));
        assertThat(broker.quorum().join())
                .containsExactly(
                        InetSocketAddress.createUnresolved("one.example", 9093),
                        InetSocketAddress.createUnresolved("::1", 9094));
        assertThat(broker.quorum().hasController()).isFalse();

        AeonSettings both = load(Map.of("aeon.join", List.of("one:1"), "aeon.listeners.controller.port", 9095));
        assertThat(both.quorum().listener())
                .contains(new ListenerSettings("controller", "127.0.0.1", 9095, "127.0.0.1", 0));
        assertThat(both.quorum().hasController()).isTrue();
        assertThat(both.listeners()).containsOnlyKeys("client");
    }

    @Test
    void theRolesThatAreGivenAreThoseThatTheNodeHas() {
        List<String> both = List.of("controller", "broker");
        Map<String, Object> joins = Map.of("aeon.join", "one:1");
        Map<String, Object> listens = Map.of("aeon.listeners.controller.port", 9095);

        assertThat(load(Map.of("aeon.roles", both)).quorum().isAlone()).isTrue();
        assertThat(load(with("aeon.roles", both, listens)).quorum().hasController())
                .isTrue();
        assertThat(load(with("aeon.roles", "broker", joins)).quorum().hasController())
                .isFalse();
        assertThatThrownBy(() -> load(with("aeon.roles", both, joins)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("needs aeon.listeners.controller");
        assertThatThrownBy(() -> load(with("aeon.roles", "broker", listens)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("no aeon.listeners.controller");
    }

    private static Map<String, Object> with(String name, Object value, Map<String, Object> others) {
        Map<String, Object> all = new HashMap<>(others);
        all.put(name, value);
        return all;
    }

    @Test
    void aListenerOnEveryAddressTellsOtherNodesAnAddressOfItsOwn() {
        Map<String, Object> given =
                Map.of("aeon.listeners.client.host", "0.0.0.0", "aeon.listeners.controller.port", 9093);

        assertThatThrownBy(() -> load(given))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("aeon.listeners.client.advertised-host: must be given in a cluster");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "::",
                "0:0:0:0:0:0:0:0",
                "PLAINTEXT://broker",
                "localhost:9092",
                "a b",
                "[::1]",
                "[::1]:9092",
                "a,b",
                "-"
            })
    void anAdvertisedHostThatNoClientCanUseIsRefused(String host) {
        assertThatThrownBy(() -> load(Map.of("aeon.listeners.client.advertised-host", host)))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("aeon.listeners.client.advertised-host: \"" + host + "\" is not a host: ")
                .hasMessageEndingWith(" (given settings)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"broker.example", "broker_1", "10.0.0.7", "::1", "fe80::1%eth0", "::ffff:10.0.0.7", "b."})
    void aNameAndAnAddressAreValidHosts(String host) {
        AeonSettings settings =
                load(Map.of("aeon.listeners.client.advertised-host", host, "aeon.listeners.client.host", host));

        assertThat(settings.listeners().get("client").advertisedHost()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAINTEXT://broker", "localhost:9092", "a b"})
    void aHostToBindIsCheckedToo(String host) {
        assertThatThrownBy(() -> load(Map.of("aeon.listeners.client.host", host)))
                .hasMessageStartingWith("aeon.listeners.client.host: \"" + host + "\" is not a host: ");
    }

    @Test
    void aWrongValueIsReportedWithItsFileAndLine(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(
                dir.resolve("aeon.conf"), "aeon {\n  node-id = 2\n  network.pipeline-depth = deep\n}\n");

        assertThatThrownBy(
                        () -> AeonSettings.load(SettingsSources.ofProcess(file, Map.of(), new Properties(), Map.of())))
                .hasMessage("aeon.network.pipeline-depth: \"deep\" is not a whole number (" + file + ": 3)");
    }

    @Test
    void twoListenersThatTheClusterCannotTellApartAreRefused() {
        assertThatThrownBy(() -> load(Map.of("aeon.listeners.plaintext.port", "9192")))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("aeon.listeners.plaintext: ")
                .hasMessageContaining("would both be the listener PLAINTEXT");
    }

    @Test
    void aListenersMissingSettingsComeFromTheDefaultListener() {
        AeonSettings settings = load(Map.of("aeon.listeners.lan.host", "0.0.0.0", "aeon.listeners.lan.port", 9093));

        assertThat(settings.listeners().get("lan")).isEqualTo(new ListenerSettings("lan", "0.0.0.0", 9093, "", 0));
        assertThat(settings.listeners()).containsKey("client");
    }

    @Test
    void furtherDataDirectoriesAreAListOrOneText() {
        List<Path> both = List.of(Path.of("/b"), Path.of("/c"));

        assertThat(load(Map.of()).furtherDataDirs()).isEmpty();
        assertThat(load(Map.of("aeon.further-data-dirs", List.of("/b", "/c"))).furtherDataDirs())
                .isEqualTo(both);
        assertThat(load(Map.of("aeon.further-data-dirs", "/b, /c")).furtherDataDirs())
                .isEqualTo(both);
        AeonSettings fromEnvironment = AeonSettings.load(
                SettingsSources.ofProcess(null, Map.of(), new Properties(), Map.of("AEON_FURTHER_DATA_DIRS", "/b,/c")));
        assertThat(fromEnvironment.dataDirs()).hasSize(3).endsWith(Path.of("/b"), Path.of("/c"));
    }

    @Test
    void sourcesHaveAnOrderOfPrecedence(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(
                dir.resolve("aeon.conf"),
                "aeon { node-id = 2, data-dir = \"file\", log.flush = os, kafka { num.partitions = 2 } }");
        Properties system = new Properties();
        system.setProperty("aeon.log.flush", "interval");
        system.setProperty("aeon.kafka.num.partitions", "4");
        system.setProperty("java.something", "else");

        AeonSettings settings = AeonSettings.load(SettingsSources.ofProcess(
                file,
                Map.of("aeon.kafka.num.partitions", "5"),
                system,
                Map.of("AEON_KAFKA_NUM_PARTITIONS", "3", "AEON_DATA_DIR", "/environment", "AEON_LOG_FLUSH", "sync")));

        assertThat(settings.nodeId()).isEqualTo(2);
        assertThat(settings.dataDir()).isEqualTo(Path.of("/environment"));
        assertThat(settings.flush().mode()).isEqualTo(FlushSettings.Mode.INTERVAL);
        assertThat(settings.kafka().getInt("num.partitions")).isEqualTo(5);
    }

    @Test
    void aGivenSourceHasPrecedenceOverKafkasNamesInTheOneBelow() {
        Map<String, Object> below =
                Map.of("aeon.kafka.listeners", "PLAINTEXT://127.0.0.1:0,INTERNAL://127.0.0.1:0", "aeon.node-id", 7);
        Map<String, Object> above =
                Map.of("aeon.listeners.client.port", 9192, "aeon.listeners.\"internal\".port", 9193);

        AeonSettings settings = AeonSettings.load(SettingsSources.given(below, above));

        assertThat(settings.listeners().get("client").port()).isEqualTo(9192);
        assertThat(settings.listeners().get("internal").port()).isEqualTo(9193);
        assertThat(settings.nodeId()).isEqualTo(7);
    }

    @Test
    void aVariableForOneListenerIsNotLost() {
        assertThatThrownBy(() -> AeonSettings.load(SettingsSources.ofProcess(
                        null,
                        Map.of(),
                        new Properties(),
                        Map.of("AEON_KAFKA_LISTENER_NAME_IN___SIDE_SSL_KEYSTORE_LOCATION", "x.jks"))))
                .hasMessageStartingWith("aeon.kafka.listener.name.in-side.ssl.keystore.location: is not honoured: ");
    }

    @Test
    void environmentVariablesSetEverySettingAndUnknownOnesAreIgnored() {
        AeonSettings settings = AeonSettings.load(SettingsSources.ofProcess(
                null,
                Map.of(),
                new Properties(),
                Map.of(
                        "AEON_LISTENERS_CLIENT_ADVERTISED_HOST", "broker.example",
                        "AEON_KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
                        "AEON_JVM_OPTS", "-Xmx1g",
                        "AEON_SERVICE_HOST", "10.0.0.1",
                        "PATH", "/bin")));

        assertThat(settings.listeners().get("client").advertisedHost()).isEqualTo("broker.example");
        assertThat(settings.kafka().getInt("group.initial.rebalance.delay.ms")).isZero();
    }

    @Test
    void aPortThatIsTheAddressOfAServiceIsIgnored() {
        AeonSettings settings = AeonSettings.load(SettingsSources.ofProcess(
                null,
                Map.of(),
                new Properties(),
                Map.of(
                        "AEON_CONSOLE_PORT", "tcp://10.0.0.1:9644",
                        "AEON_LISTENERS_CLIENT_PORT", "udp://10.0.0.1:9092")));

        AeonSettings defaults = load(Map.of());
        assertThat(settings.console()).isEqualTo(defaults.console());
        assertThat(settings.listeners()).isEqualTo(defaults.listeners());
    }

    @Test
    void aVariableThatMatchesTwoSettingsIsRefused(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("aeon.conf"), "aeon.listeners { a-b.port = 1, a_b.port = 2 }");

        assertThatThrownBy(() -> SettingsSources.ofProcess(
                        file, Map.of(), new Properties(), Map.of("AEON_LISTENERS_A_B_PORT", "3")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("AEON_LISTENERS_A_B_PORT: matches several settings: "
                        + "aeon.listeners.a-b.port, aeon.listeners.a_b.port");
    }

    @Test
    void aFileThatIsMissingInvalidOrHasOtherSettingsIsRefused(@TempDir Path dir) throws Exception {
        Path broken = Files.writeString(dir.resolve("broken.conf"), "aeon {\n node-id = = }");
        Path latin = Files.write(dir.resolve("latin.conf"), new byte[] {'a', (byte) 0xe9, 'b'});
        Path stray = Files.writeString(dir.resolve("stray.conf"), "listeners { client.port = 1 }");

        assertThatThrownBy(() -> ofFile(dir.resolve("none.conf"))).hasMessageContaining("none.conf: no such file");
        assertThatThrownBy(() -> ofFile(broken))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("2");
        assertThatThrownBy(() -> ofFile(latin)).hasMessage(latin + ": is not text in UTF-8");
        assertThatThrownBy(() -> ofFile(stray)).hasMessageContaining("the file contains listeners");
    }

    @Test
    void aFileIncludesOtherFilesOfItsDirectory(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(
                dir.resolve("aeon.conf"),
                "include \"more\"\naeon {\n  node-id = 2\n  include \"log.conf\"\n  include \"none\"\n}\n");
        Files.writeString(dir.resolve("more.conf"), "aeon.kafka {\n  log.cleanup.policy=compact,delete\n}\n");
        Files.writeString(dir.resolve("log.conf"), "log.flush = os\n");

        AeonSettings settings =
                AeonSettings.load(SettingsSources.ofProcess(file, Map.of(), new Properties(), Map.of()));

        assertThat(settings.nodeId()).isEqualTo(2);
        assertThat(settings.flush().mode()).isEqualTo(FlushSettings.Mode.OS);
        assertThat(settings.kafka().getList("log.cleanup.policy")).containsExactly("compact", "delete");
    }

    @Test
    void aMissingRequiredIncludeIsReportedByName(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("aeon.conf"), "include required(\"more.conf\")\naeon {}\n");

        assertThatThrownBy(() -> ofFile(file)).hasMessage(file + ": the included file more.conf does not exist");
    }

    @Test
    void aCommandLineSettingOutsideAeonIsRefused() {
        assertThatThrownBy(() -> SettingsSources.ofProcess(null, Map.of("port", "1"), new Properties(), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("port: ");
    }

    @Test
    void aBlockMayHaveNamesThatArePrefixesOfOthers() {
        Map<String, Object> block = Map.of("max.connections", 100, "max.connections.per.ip", 10);
        Map<String, Object> paths = Map.of("kafka.max.connections", 100, "kafka.max.connections.per.ip", 10);
        Map<String, Object> nested = Map.of("max", Map.of("connections", 100, "connections.per.ip", 10));

        for (Map<String, Object> given : List.<Map<String, Object>>of(
                Map.of("aeon.kafka", block),
                Map.of("aeon", Map.of("kafka", block)),
                Map.of("aeon", paths),
                Map.of("aeon.kafka", nested))) {
            KafkaSettings kafka = load(given).kafka();
            assertThat(kafka.getInt("max.connections")).as("%s", given).isEqualTo(100);
            assertThat(kafka.getInt("max.connections.per.ip")).as("%s", given).isEqualTo(10);
        }
    }

    @Test
    void listsOfKafkaSettingsAreJoinedAsKafkaWritesThem() {
        AeonSettings settings = load(Map.of("aeon.kafka.num.partitions", List.of(7)));

        assertThat(settings.kafka().getInt("num.partitions")).isEqualTo(7);
    }

    @Test
    void theActorSystemGetsAkkasSettings() {
        var system = load(Map.of("aeon.akka.loglevel", "DEBUG")).actorSystem();

        assertThat(system.getString("akka.loglevel")).isEqualTo("DEBUG");
        assertThat(system.hasPath("aeon.data-dir")).isFalse();
    }

    @Test
    void whatDependsOnTheBlockingThreadsFollowsTheirNumber() {
        AeonSettings settings = load(Map.of("aeon.blocking-threads", 3));

        assertThat(settings.partitions().startsAtOnce()).isEqualTo(6);
    }

    private static AeonSettings load(Map<String, ?> settings) {
        return AeonSettings.load(SettingsSources.given(settings));
    }

    private static void ofFile(Path file) {
        SettingsSources.ofProcess(file, Map.of(), new Properties(), Map.of());
    }
}
