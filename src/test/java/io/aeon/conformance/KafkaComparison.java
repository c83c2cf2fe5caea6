package io.aeon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.aeon.e2e.WireClient;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Aeon and Apache Kafka answer all scripts alike, except for the accepted differences. The table of what was compared
 * is written to {@code target/conformance}.
 */
class KafkaComparison {
    private static final int CASES_AT_LEAST = 3_000;
    private static final int LEVELS = 19;
    private static final Path RESULT = Path.of("target", "conformance");
    private static final Path JARS = Path.of("target", "peer");

    /** The same for both brokers; Aeon's stand under {@code aeon.kafka}. */
    private static final Map<String, Integer> SETTINGS = Map.of(
            "group.initial.rebalance.delay.ms", 0,
            "offsets.topic.num.partitions", 1,
            "offsets.topic.replication.factor", 1,
            "transaction.state.log.num.partitions", 1,
            "transaction.state.log.replication.factor", 1,
            "transaction.state.log.min.isr", 1,
            // The records of the scripts are old, and no check of the retention may come between two answers.
            "log.retention.ms", -1,
            "log.retention.check.interval.ms", 3_600_000);

    private static final AcceptedDifferences ACCEPTED = AcceptedDifferences.load();
    private static final ComparisonTable TABLE = new ComparisonTable(ACCEPTED);

    @TempDir
    private static Path directory;

    private static KafkaProcess kafka;
    private static Aeon aeon;

    @BeforeAll
    static void start() throws IOException {
        List<String> lines = new ArrayList<>();
        AeonBuilder builder = Aeon.builder();
        SETTINGS.forEach((key, value) -> {
            lines.add(key + "=" + value);
            builder.set("aeon.kafka." + key, value);
        });
        kafka = KafkaProcess.start(JARS, directory, lines);
        aeon = builder.start();
        prepare(kafka.port());
        prepare(aeon.port());
    }

    /** Both brokers create the topics of their coordinators at the first use; the comparison begins after that. */
    private static void prepare(int port) {
        try (WireClient client = new WireClient("127.0.0.1", port, Stage.PATIENCE_MS)) {
            new MetadataBarrier(client).create();
            for (byte type = 0; type <= 1; type++) {
                FindCoordinatorRequestData request =
                        new FindCoordinatorRequestData().setKeyType(type).setCoordinatorKeys(List.of("anybody"));
                Awaitility.await()
                        .until(() ->
                                client.call(ApiKeys.FIND_COORDINATOR, 4, request, FindCoordinatorResponseData.class)
                                                .coordinators()
                                                .get(0)
                                                .errorCode()
                                        == Errors.NONE.code());
            }
            InitProducerIdRequestData producer =
                    new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(1);
            Awaitility.await()
                    .until(() -> client.call(ApiKeys.INIT_PRODUCER_ID, 4, producer, InitProducerIdResponseData.class)
                                    .errorCode()
                            == Errors.NONE.code());
        }
    }

    @AfterAll
    static void stop() {
        TABLE.write(RESULT);
        aeon.close();
        kafka.close();
    }

    @TestFactory
    Stream<DynamicTest> bothBrokersAnswerAlike() {
        CommonVersions versions = CommonVersions.of(kafka.port(), aeon.port());
        List<Script> scripts = new ArrayList<>();
        versions.apis().stream()
                .sorted(Comparator.comparing((ApiKeys api) -> !listsWhatOthersMake(api)))
                .forEach(api -> versions.of(api).forEach(version -> scripts.add(new GeneratedScript(api, version))));
        IntStream.range(0, LEVELS).forEach(level -> {
            scripts.add(new TopicLifeScript(level));
            scripts.add(new RecordScript(level));
            scripts.add(new ClassicGroupScript(level));
            scripts.add(new TransactionalScript(level));
        });
        IntStream.range(0, 2).forEach(level -> scripts.add(new ConsumerGroupScript(level)));
        IntStream.range(0, 5).forEach(level -> scripts.add(new SettingsScript(level)));
        scripts.add(new TelemetryScript());
        IntStream.range(0, 2).forEach(level -> scripts.add(new QuotaScript(level)));
        scripts.add(new ScramScript());
        IntStream.range(0, 3).forEach(level -> scripts.add(new FeaturesScript(level)));
        Stream<DynamicTest> comparisons =
                scripts.stream().map(script -> dynamicTest(script.name(), () -> compare(script, versions)));
        return Stream.concat(
                comparisons,
                Stream.of(
                        dynamicTest("every accepted difference was found", KafkaComparison::nothingIsAcceptedInVain),
                        dynamicTest(
                                "enough was compared",
                                () -> assertThat(TABLE.cases()).isGreaterThanOrEqualTo(CASES_AT_LEAST))));
    }

    /** These come first, because what the other scripts leave behind depends on time. */
    private static boolean listsWhatOthersMake(ApiKeys api) {
        return List.of(
                        ApiKeys.METADATA,
                        ApiKeys.LIST_GROUPS,
                        ApiKeys.LIST_TRANSACTIONS,
                        ApiKeys.DESCRIBE_LOG_DIRS,
                        ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                        ApiKeys.LIST_CONFIG_RESOURCES)
                .contains(api);
    }

    private static void compare(Script script, CommonVersions versions) throws ReflectiveOperationException {
        List<Transcript.Entry> ofKafka = play(script, kafka.port(), versions);
        List<Transcript.Entry> ofAeon = play(script, aeon.port(), versions);
        List<Difference> left = new ArrayList<>();
        IntStream.range(0, Math.min(ofKafka.size(), ofAeon.size()))
                .forEach(i -> left.addAll(TABLE.add(ofKafka.get(i), ofAeon.get(i))));

        assertThat(left).isEmpty();
        assertThat(ofAeon)
                .extracting(Transcript.Entry::asked)
                .isEqualTo(ofKafka.stream().map(Transcript.Entry::asked).toList());
    }

    private static List<Transcript.Entry> play(Script script, int port, CommonVersions versions)
            throws ReflectiveOperationException {
        try (Stage stage = new Stage(port, versions)) {
            script.play(stage);
            return stage.transcript().entries();
        }
    }

    private static void nothingIsAcceptedInVain() {
        assertThat(ACCEPTED.uses())
                .allSatisfy((accepted, count) -> assertThat(count)
                        .as(accepted.api() + ": " + accepted.reason())
                        .isPositive());
    }
}
