package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.aeon.broker.disk.BreakableFiles;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.BrokerOnDisk;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that are stuck on purpose, and what {@code aeon groups} says of them. */
class StuckGroupsIT {
    private final BreakableFiles disk = new BreakableFiles();
    private final List<KafkaConsumer<String, String>> consumers = new ArrayList<>();
    private Aeon broker;

    @TempDir
    private Path dir;

    @BeforeEach
    void start() throws Exception {
        broker = BrokerOnDisk.start(dir, disk);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("t", 4, (short) 1))).all().get();
        }
        produce(4);
    }

    @AfterEach
    void stop() {
        disk.letGo();
        consumers.forEach(consumer -> consumer.close(CloseOptions.timeout(Duration.ZERO)));
        broker.close();
    }

    private void produce(int records) throws Exception {
        try (var producer = producer()) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>("t", i % 4, null, "value")).get();
            }
        }
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 0),
                new StringSerializer(),
                new StringSerializer());
    }

    private KafkaConsumer<String, String> subscribed(String client, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "group.id",
                "g",
                "client.id",
                client,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false));
        settings.putAll(more);
        var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        consumers.add(consumer);
        consumer.subscribe(List.of("t"));
        return consumer;
    }

    /** Reads one record from each partition. */
    private static void readAll(KafkaConsumer<String, String> consumer) {
        AtomicInteger records = new AtomicInteger();
        Awaitility.await()
                .until(() ->
                        records.addAndGet(consumer.poll(Duration.ofMillis(50)).count()) == 4);
    }

    private String groups(String... arguments) throws Exception {
        return printed(GroupsCommand::new, arguments);
    }

    private String printed(Function<PrintStream, Subcommand> subcommand, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--bootstrap", broker.bootstrapServers()));
        all.addAll(List.of(arguments));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Subcommand command = subcommand.apply(new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(command.run(Given.to(command, all))).isEqualTo(Main.OK);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The first stall of the group of this kind, once it has one; {@code meanwhile} runs before each look. */
    private Config stall(String kind, Runnable meanwhile) {
        Predicate<Config> wanted = stall -> stall.getString("kind").equals(kind);
        return Awaitility.await()
                .ignoreExceptions()
                .until(
                        () -> {
                            meanwhile.run();
                            return ConfigFactory.parseString(groups("--json", "g"))
                                    .getConfigList("groups")
                                    .get(0)
                                    .getConfigList("heldUpBy");
                        },
                        found -> found.stream().anyMatch(wanted))
                .stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    /** A partition that does not answer within three seconds counts as offline until it is looked at again. */
    private static void eventually(ThrowingRunnable told) {
        Awaitility.await().ignoreExceptions().untilAsserted(told);
    }

    private static void assertNames(Config stall, String client) {
        assertThat(stall.getString("client")).isEqualTo(client);
        assertThat(stall.getString("member")).isNotEmpty();
        assertThat(stall.getString("host")).isEqualTo("/127.0.0.1");
        assertThat(stall.getLong("forMs")).isNotNegative();
    }

    @Test
    void aMemberOfAClassicGroupThatDoesNotRejoinIsNamed() throws Exception {
        KafkaConsumer<String, String> lazy = subscribed("lazy", Map.of("heartbeat.interval.ms", 200));
        readAll(lazy);
        KafkaConsumer<String, String> eager = subscribed("eager", Map.of());

        Config stall = stall("rejoin", () -> eager.poll(Duration.ofMillis(100)));

        assertNames(stall, "lazy");
        eventually(() -> {
            assertThat(groups("g"))
                    .contains("Group g: Classic, PreparingRebalance, 2 members, lag")
                    .containsPattern("(STUCK|WAITS): member lazy-\\S+ \\(client lazy at /127.0.0.1\\)"
                            + " has not joined again for \\d+ s\n")
                    .containsPattern("MEMBER +INSTANCE +CLIENT");
            assertThat(groups()).containsPattern("g +Classic +PreparingRebalance +2 .*has not joined again");
        });
    }

    @Test
    void aMemberOfTheConsumerProtocolThatNeverRevokesIsNamed() throws Exception {
        KafkaConsumer<String, String> stubborn = subscribed("stubborn", Map.of("group.protocol", "consumer"));
        readAll(stubborn);
        KafkaConsumer<String, String> waiting = subscribed("waiting", Map.of("group.protocol", "consumer"));

        Config stall = stall("revocation", () -> waiting.poll(Duration.ofMillis(100)));

        assertNames(stall, "stubborn");
        assertThat(stall.getStringList("partitions")).hasSize(2);
        eventually(() -> assertThat(groups("g"))
                .contains("Group g: Consumer, Reconciling, 2 members", "group epoch")
                .containsPattern(
                        "(STUCK|WAITS): member \\S+ \\(client stubborn at /127.0.0.1\\) has not revoked its partitions"
                                + " for \\d+ s: t-\\d, t-\\d\n"));
    }

    @Test
    void aMemberThatPollsTooSlowlyIsNamed() throws Exception {
        KafkaConsumer<String, String> slow = subscribed("slow", Map.of());
        readAll(slow);
        slow.commitSync();
        produce(40);

        Config stall = stall("slow", () -> {});

        assertNames(stall, "slow");
        assertThat(stall.getLong("forMs")).isGreaterThanOrEqualTo(10_000);
        eventually(() -> assertThat(groups("g"))
                .containsPattern(
                        "STUCK: member slow-\\S+ \\(client slow at /127.0.0.1\\) has committed nothing for \\d+ s"
                                + " while \\d+ records wait: it polls or works too slowly, or does not commit: t-0, t-1")
                .containsPattern("t-0 +\\d+ +11 +\\d+ +\\+0/s +\\d+ s ago +slow-"));
    }

    @Test
    void aPartitionThatIsOfflineIsNamedWithItsMember() throws Exception {
        KafkaConsumer<String, String> reader = subscribed("reader", Map.of());
        readAll(reader);
        reader.commitSync();
        disk.failEverything(true);

        try (var writer = producer()) {
            var unused = writer.send(new ProducerRecord<>("t", 0, null, "value"));
            eventually(() -> {
                Config stall = stall("offline", () -> {});
                assertNames(stall, "reader");
                assertThat(stall.getStringList("partitions")).containsExactly("t-0");
            });
            writer.close(Duration.ZERO);
        }

        eventually(() -> {
            assertThat(groups("g"))
                    .contains("because a partition is offline: t-0")
                    .containsPattern("t-0 +\\d+ +offline");
            assertThat(printed(out -> new TopicsCommand(out, System.err), "t")).containsPattern("\n0 +.* -\n");
        });
    }

    @Test
    void aGroupThatMovesIsNotCalledStuck() throws Exception {
        KafkaConsumer<String, String> reader = subscribed("reader", Map.of());
        readAll(reader);
        reader.commitSync();

        eventually(() -> {
            assertThat(groups("g"))
                    .contains("Group g: Classic, Stable, 1 members")
                    .doesNotContain("STUCK", "WAITS");
            assertThat(groups()).containsPattern("GROUP +TYPE +STATE").containsPattern("g +Classic +Stable +1 .* -\n");
        });
    }

    @Test
    void anUnknownGroupIsAnError() {
        assertThatThrownBy(() -> groups("absent")).hasMessage("there is no group absent");
    }
}
