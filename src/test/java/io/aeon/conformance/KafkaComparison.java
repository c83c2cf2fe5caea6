package io.aeon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
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
    private static final int LEVELS_OF_DIRECTORIES = 6;
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

    private static BrokerPair brokers;
    private static BrokerPair withTwoDirectories;

    @BeforeAll
    static void start() throws IOException {
        brokers = BrokerPair.start(JARS, Files.createDirectory(directory.resolve("one")), SETTINGS, 1);
        withTwoDirectories = BrokerPair.start(JARS, Files.createDirectory(directory.resolve("two")), SETTINGS, 2);
    }

    @AfterAll
    static void stop() {
        TABLE.write(RESULT);
        brokers.close();
        withTwoDirectories.close();
    }

    @TestFactory
    Stream<DynamicTest> bothBrokersAnswerAlike() {
        CommonVersions versions = brokers.versions();
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
                scripts.stream().map(script -> dynamicTest(script.name(), () -> compare(script, brokers)));
        Stream<DynamicTest> ofDirectories = IntStream.range(0, LEVELS_OF_DIRECTORIES)
                .mapToObj(LogDirsScript::new)
                .map(script -> dynamicTest(script.name(), () -> compare(script, withTwoDirectories)));
        return Stream.of(
                        comparisons,
                        ofDirectories,
                        Stream.of(
                                dynamicTest(
                                        "every accepted difference was found",
                                        KafkaComparison::nothingIsAcceptedInVain),
                                dynamicTest(
                                        "enough was compared",
                                        () -> assertThat(TABLE.cases()).isGreaterThanOrEqualTo(CASES_AT_LEAST))))
                .flatMap(all -> all);
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

    private static void compare(Script script, BrokerPair pair) throws ReflectiveOperationException {
        List<Transcript.Entry> ofKafka = play(script, pair.kafkaPort(), pair.versions());
        List<Transcript.Entry> ofAeon = play(script, pair.aeonPort(), pair.versions());
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
