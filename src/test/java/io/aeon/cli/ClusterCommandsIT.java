package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.aeon.control.InjectedFault;
import io.aeon.embedded.Aeon;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.cli.ParseException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code aeon topics}, {@code records}, {@code transactions} and {@code settings} print of a broker. */
class ClusterCommandsIT {
    private static final Instant FIRST = Instant.parse("2026-11-30T08:00:00Z");

    private static Aeon broker;
    private static KafkaProducer<byte[], byte[]> open;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void start() throws Exception {
        broker = Aeon.builder().set("aeon.kafka.num.partitions", 3).start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic("orders", 2, (short) 1).configs(Map.of("retention.ms", "-1")),
                            new NewTopic("paid", 1, (short) 1),
                            new NewTopic("refunds", 1, (short) 1)))
                    .all()
                    .get();
            admin.alterConsumerGroupOffsets(
                            "readers", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(1)))
                    .all()
                    .get();
        }
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            for (int i = 0; i < 6; i++) {
                ProducerRecord<byte[], byte[]> order = new ProducerRecord<>(
                        "orders",
                        i % 2,
                        FIRST.plusSeconds(i).toEpochMilli(),
                        ("key " + i).getBytes(StandardCharsets.UTF_8),
                        i == 5 ? new byte[] {(byte) 0xff, 0} : ("value " + i).getBytes(StandardCharsets.UTF_8));
                order.headers().add("trace", ("t" + i).getBytes(StandardCharsets.UTF_8));
                producer.send(order).get();
            }
        }
        open = producer(Map.of("transactional.id", "payments", "transaction.timeout.ms", 900_000));
        open.initTransactions();
        open.beginTransaction();
        open.send(new ProducerRecord<>("paid", "x".getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        open.close(Duration.ZERO);
        broker.close();
    }

    private static String printed(Function<PrintStream, Subcommand> subcommand, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--bootstrap", broker.bootstrapServers()));
        all.addAll(List.of(arguments));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Subcommand command = subcommand.apply(printStream(out));
        assertThat(command.run(Given.to(command, all))).isEqualTo(Main.OK);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Config json(Function<PrintStream, Subcommand> subcommand, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--json"));
        all.addAll(List.of(arguments));
        return ConfigFactory.parseString(printed(subcommand, all.toArray(String[]::new)));
    }

    private TopicsCommand topics(PrintStream out) {
        return new TopicsCommand(out, printStream(err));
    }

    private TransactionsCommand transactions(PrintStream out, Clock clock) {
        return new TransactionsCommand(out, printStream(err), clock);
    }

    private static PrintStream printStream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    @Test
    void topicsAreListedWithPartitionsReplicasAndSize() throws Exception {
        // What a broker does not tell within three seconds is left out.
        await().untilAsserted(() -> {
            assertThat(printed(this::topics))
                    .containsPattern("TOPIC +PARTITIONS +REPLICAS +UNDER REPLICATED +OFFLINE +SIZE\n")
                    .containsPattern("orders +2 +1 +0 +0 +\\d+ B\n")
                    .doesNotContain("__transaction_state");

            List<? extends Config> topics = json(this::topics).getConfigList("topics");
            assertThat(topics)
                    .extracting(topic -> topic.getString("topic"))
                    .containsExactly("orders", "paid", "refunds");
            assertThat(topics.get(0).getInt("partitions")).isEqualTo(2);
            assertThat(topics.get(0).hasPath("bytes")).isTrue();
            assertThat(topics.get(0).getLong("bytes")).isPositive();
            assertThat(topics.get(0).getInt("underReplicated")).isZero();
        });
    }

    @Test
    void topicsThatWereDeletedSinceTheyWereListedAreLeftOut() throws Exception {
        try (Cluster cluster = new Cluster(broker.bootstrapServers())) {
            assertThat(TopicsCommand.described(cluster, List.of("deleted", "orders")))
                    .containsOnlyKeys("orders");
        }
    }

    @Test
    void aBrokerThatDoesNotTellItsSizesIsNoReasonToListNothing() throws Exception {
        try (InjectedFault fault = broker.control().requests("DescribeLogDirs").fail("CLUSTER_AUTHORIZATION_FAILED")) {
            assertThat(printed(this::topics)).containsPattern("orders +2 +1 +0 +0 +-\n");
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .isEqualTo(
                            "aeon: broker 1 does not tell the sizes of its replicas: Cluster authorization failed.\n");
            assertThat(fault.hits()).isPositive();
        }
    }

    @Test
    void aBrokerThatIsSilentAboutItsSizesIsNamedAndCostsNothingElse() throws Exception {
        try (InjectedFault fault = broker.control().requests("DescribeLogDirs").drop()) {
            assertThat(json(this::topics).getConfigList("topics").get(0).hasPath("bytes"))
                    .isFalse();
            await().untilAsserted(() -> assertThat(printed(this::topics, "orders"))
                    .containsPattern("1 +1 +1 +1 +0 +3 +-\n")
                    .containsPattern("retention.ms +-1 +topic\n"));
            assertThat(err.toString(StandardCharsets.UTF_8).lines())
                    .as("the broker is asked once for each command")
                    .hasSize(fault.hits())
                    .containsOnly("aeon: broker 1 has not told the sizes of its replicas within 3 s");
        }
    }

    @Test
    void aTopicIsShownWithOffsetsAndSettings() throws Exception {
        await().untilAsserted(() -> {
            assertThat(printed(this::topics, "orders"))
                    .containsPattern("PARTITION +LEADER +REPLICAS +IN SYNC +START +END +SIZE\n")
                    .containsPattern("1 +1 +1 +1 +0 +3 +\\d+ B\n")
                    .containsPattern("\n\nSETTING +VALUE +SOURCE\n(.*\n)*retention.ms +-1 +topic\n");
            assertThat(printed(this::topics, "__transaction_state")).containsPattern("0 +1 +1 +1 +\\d+");
        });
    }

    @Test
    void theNewestRecordsAreThoseOfAllPartitionsByTime() throws Exception {
        assertThat(printed(RecordsCommand::new, "--count", "2", "orders")).isEqualToNormalizingWhitespace("""
                        PARTITION OFFSET TIME KEY VALUE HEADERS
                        0 2 2026-11-30T08:00:04Z key 4 value 4 trace=t4
                        1 2 2026-11-30T08:00:05Z key 5 hex:ff00 trace=t5
                        """);
    }

    @Test
    void theNewestRecordsAreFoundBehindTheMarkersOfTransactions() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "refunds"))) {
            producer.initTransactions();
            for (int i = 0; i < 20; i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("refunds", 0, null, new byte[] {(byte) ('a' + i)}));
                producer.commitTransaction();
            }
        }

        assertThat(json(RecordsCommand::new, "refunds").getConfigList("records"))
                .extracting(found -> found.getString("value"))
                .containsExactly("k", "l", "m", "n", "o", "p", "q", "r", "s", "t");
        assertThat(json(RecordsCommand::new, "--count", "50", "refunds").getConfigList("records"))
                .hasSize(20);
    }

    @Test
    void recordsFromATimeOnOfOnePartition() throws Exception {
        List<? extends Config> records = json(
                        RecordsCommand::new,
                        "--from",
                        "2026-11-30T08:00:01Z",
                        "--count",
                        "1",
                        "--partition",
                        "0",
                        "orders")
                .getConfigList("records");

        assertThat(records).singleElement().satisfies(found -> {
            assertThat(found.getString("value")).isEqualTo("value 2");
            assertThat(found.getLong("offset")).isEqualTo(1);
            assertThat(found.getStringList("headers")).containsExactly("trace=t2");
        });
        assertThat(json(RecordsCommand::new, "--from", "2027-01-01T00:00:00Z", "orders")
                        .getConfigList("records"))
                .isEmpty();
    }

    @Test
    void recordsOfAnOpenTransactionArePrinted() throws Exception {
        assertThat(printed(RecordsCommand::new, "paid")).containsPattern("0 +0 +\\S+Z +- +x +-\n");
    }

    @Test
    void anOpenTransactionIsShownWithItsAgeAndPartitions() throws Exception {
        Clock later = Clock.fixed(Instant.now().plusSeconds(600), ZoneOffset.UTC);

        await().untilAsserted(() -> assertThat(printed(out -> transactions(out, later), "payments"))
                .containsPattern(
                        "TRANSACTIONAL ID +STATE +OPEN FOR +TIMEOUT +PARTITIONS +PRODUCER ID +EPOCH +COORDINATOR\n")
                .containsPattern("payments +Ongoing +(599|[6-9]\\d\\d) s +900 s +1 +\\d+ +\\d+ +1\n")
                .containsPattern("PARTITION +FIRST OFFSET +LAST RECORD\npaid-0 +0 +(599|[6-9]\\d\\d) s\n"));
        Config transaction = json(out -> transactions(out, later))
                .getConfigList("transactions")
                .get(0);
        assertThat(transaction.getString("transactionalId")).isEqualTo("payments");
        assertThat(transaction.getLong("openForMs")).isBetween(599_000L, 1_000_000L);
    }

    @Test
    void settingsAreShownWithTheirSource() throws Exception {
        assertThat(printed(SettingsCommand::new))
                .containsPattern("BROKER +SETTING +VALUE +SOURCE\n")
                .containsPattern("1 +num.partitions +3 +start of the broker\n")
                .doesNotContain("log.retention.hours");
        assertThat(printed(SettingsCommand::new, "--all")).containsPattern("1 +log.retention.hours +168 +default\n");
        assertThat(printed(SettingsCommand::new, "orders")).containsPattern("retention.ms +-1 +topic\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            topics               | DescribeTopicPartitions | TOPIC_AUTHORIZATION_FAILED
            topics orders        | DescribeTopicPartitions | TOPIC_AUTHORIZATION_FAILED
            topics orders        | DescribeConfigs         | TOPIC_AUTHORIZATION_FAILED
            records orders       | ListOffsets             | TOPIC_AUTHORIZATION_FAILED
            records orders       | Fetch                   | TOPIC_AUTHORIZATION_FAILED
            groups               | ListGroups              | CLUSTER_AUTHORIZATION_FAILED
            groups               | DescribeGroups          | GROUP_AUTHORIZATION_FAILED
            groups               | OffsetFetch             | GROUP_AUTHORIZATION_FAILED
            transactions         | ListTransactions        | CLUSTER_AUTHORIZATION_FAILED
            transactions         | DescribeTransactions    | TRANSACTIONAL_ID_AUTHORIZATION_FAILED
            settings             | DescribeConfigs         | CLUSTER_AUTHORIZATION_FAILED
            """)
    void aRefusalIsNamedAndIsNotCalledSilence(String line, String api, String error) {
        try (InjectedFault fault = broker.control().requests(api).fail(error)) {
            assertThatThrownBy(() -> printed(line))
                    .isInstanceOf(CommandException.class)
                    .message()
                    .containsIgnoringCase("authoriz")
                    .doesNotContain("do not answer");
            assertThat(fault.hits()).isPositive();
        }
    }

    private String printed(String line) throws Exception {
        List<String> words = List.of(line.split(" ", -1));
        return printed(
                out -> switch (words.get(0)) {
                    case "topics" -> topics(out);
                    case "records" -> new RecordsCommand(out);
                    case "groups" -> new GroupsCommand(out);
                    case "transactions" -> transactions(out, Clock.systemUTC());
                    default -> new SettingsCommand(out);
                },
                words.subList(1, words.size()).toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            topics orders         | ListOffsets       | TOPIC_AUTHORIZATION_FAILED | partition orders-1 does not tell its offsets
            transactions payments | DescribeProducers | TOPIC_AUTHORIZATION_FAILED | partition paid-0 does not tell its producers
            """)
    void whatIsMissingInAListingIsNamed(String line, String api, String error, String named) throws Exception {
        try (InjectedFault fault = broker.control().requests(api).fail(error)) {
            assertThat(printed(line)).contains(" -");
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("aeon: " + named + ": ");
            assertThat(fault.hits()).isPositive();
        }
    }

    @Test
    void whatDoesNotExistIsAnError() {
        assertThatThrownBy(() -> printed(this::topics, "absent")).hasMessage("there is no topic absent");
        assertThatThrownBy(() -> printed(RecordsCommand::new, "absent")).hasMessage("there is no topic absent");
        assertThatThrownBy(() -> printed(SettingsCommand::new, "absent")).hasMessage("there is no topic absent");
        assertThatThrownBy(() -> printed(RecordsCommand::new, "--partition", "7", "orders"))
                .hasMessage("topic orders has no partition 7");
        assertThatThrownBy(() -> printed(out -> transactions(out, Clock.systemUTC()), "absent"))
                .hasMessage("there is no transactional id absent");
    }

    @Test
    void aWrongArgumentIsNamed() {
        assertThatThrownBy(() -> printed(RecordsCommand::new, "--count", "0", "orders"))
                .isInstanceOf(ParseException.class)
                .hasMessage("--count takes a number from 1 to 10000, not 0");
        assertThatThrownBy(() -> printed(RecordsCommand::new, "--from", "today", "orders"))
                .hasMessage("--from takes a time such as 2026-11-30T08:00:00Z, not today");
        assertThatThrownBy(() -> GroupsCommand.inquiry("nowhere"))
                .isInstanceOf(CommandException.class)
                .hasMessageStartingWith("the brokers at nowhere cannot be asked: ");
        assertThatThrownBy(() -> new Cluster("nowhere"))
                .hasMessageStartingWith("the brokers at nowhere cannot be asked: ");
    }
}
