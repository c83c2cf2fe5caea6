package io.aeon.api.configs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.aeon.PatientWaits;
import io.aeon.api.Calls;
import io.aeon.api.topics.PartitionLimit;
import io.aeon.config.AeonSettings;
import io.aeon.logging.LogLevels;
import io.aeon.metadata.configs.BrokerLoggers;
import io.aeon.metadata.configs.ConfigDescriptions;
import io.aeon.metadata.node.Engines;
import io.aeon.metadata.node.KRaft;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The expected values, sources and error messages are those of Apache Kafka 4.4.0. */
class ConfigApisTest {
    private static final int TOPIC_SETTINGS = 37;
    private static final int BROKER_SETTINGS = 350;

    @TempDir
    Path dir;

    private AeonSettings settings;
    private KRaft metadata;
    private PartitionLimit limit;

    @BeforeEach
    void start() throws Exception {
        settings = Engines.settings(dir, Map.of("aeon.kafka.log.segment.bytes", 2_000_000));
        metadata = Engines.start(settings);
        limit = new PartitionLimit(1 << 20, 1, metadata::image, System::nanoTime);
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(60_000);
        request.topics()
                .add(new CreatableTopic().setName("t").setNumPartitions(1).setReplicationFactor((short) 1));
        metadata.controller().createTopics(request).get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        metadata.close();
    }

    @Test
    void everySettingOfATopicIsDescribed() throws Exception {
        assertThat(describe(Type.TOPIC, "t").configs()).hasSize(TOPIC_SETTINGS).allSatisfy(setting -> {
            assertThat(setting.documentation()).isNotEmpty();
            assertThat(setting.readOnly()).isFalse();
        });
    }

    @Test
    void theSourceWithTheHighestPriorityWins() throws Exception {
        assertThat(told(setting(Type.TOPIC, "t", "segment.bytes"))).isEqualTo("2000000 STATIC_BROKER_CONFIG");
        assertThat(told(setting(Type.TOPIC, "t", "min.insync.replicas"))).isEqualTo("1 DYNAMIC_DEFAULT_BROKER_CONFIG");
        assertThat(told(setting(Type.TOPIC, "t", "retention.ms"))).isEqualTo("604800000 DEFAULT_CONFIG");

        change(Type.BROKER, "", "log.retention.ms", OpType.SET, "3");
        assertThat(told(setting(Type.TOPIC, "t", "retention.ms"))).isEqualTo("3 DYNAMIC_DEFAULT_BROKER_CONFIG");
        change(Type.BROKER, "1", "log.retention.ms", OpType.SET, "2");
        assertThat(told(setting(Type.TOPIC, "t", "retention.ms"))).isEqualTo("2 DYNAMIC_BROKER_CONFIG");
        change(Type.TOPIC, "t", "retention.ms", OpType.SET, "1");
        assertThat(told(setting(Type.TOPIC, "t", "retention.ms"))).isEqualTo("1 TOPIC_CONFIG");
        assertThat(setting(Type.TOPIC, "t", "retention.ms").synonyms())
                .extracting(synonym -> synonym.name() + "=" + synonym.value())
                .containsExactly(
                        "retention.ms=1", "log.retention.ms=2", "log.retention.ms=3", "log.retention.hours=168");
        assertThat(metadata.topicConfigs().of(metadata.image(), "t")).containsEntry("retention.ms", "1");

        change(Type.TOPIC, "t", "retention.ms", OpType.DELETE, null);
        assertThat(metadata.topicConfigs().of(metadata.image(), "t")).containsEntry("retention.ms", "2");
    }

    @Test
    void listsCanBeAppendedToAndSubtractedFrom() throws Exception {
        change(Type.TOPIC, "t", "cleanup.policy", OpType.APPEND, "compact");
        assertThat(setting(Type.TOPIC, "t", "cleanup.policy").value()).isEqualTo("delete,compact");

        change(Type.TOPIC, "t", "cleanup.policy", OpType.SUBTRACT, "delete");
        assertThat(setting(Type.TOPIC, "t", "cleanup.policy").value()).isEqualTo("compact");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            TOPIC  | t    | no.such          | SET    | 1 | INVALID_CONFIG             | Unknown topic config name: no.such
            TOPIC  | t    | retention.ms     | SET    | x | INVALID_CONFIG             | Invalid value x for configuration retention.ms: Not a number of type LONG
            TOPIC  | t    | retention.ms     | APPEND | 5 | INVALID_CONFIG             | Can't APPEND to key retention.ms because its type is not LIST.
            TOPIC  | t    | retention.ms     | SET    |   | INVALID_REQUEST            | Null value not supported for : retention.ms
            TOPIC  | nope | retention.ms     | SET    | 1 | UNKNOWN_TOPIC_OR_PARTITION | The topic 'nope' does not exist.
            TOPIC  | ""   | retention.ms     | SET    | 1 | INVALID_REQUEST            | Default topic resources are not allowed.
            TOPIC  | t    | preallocate      | SET    | true | INVALID_CONFIG          | Aeon does not honour preallocate=true: segments are not preallocated.
            TOPIC  | t    | remote.copy.lag.ms | SET  | 5 | INVALID_CONFIG             | Aeon does not honour remote.copy.lag.ms=5: tiered storage is not supported yet.
            GROUP  | g    | no.such          | SET    | 1 | INVALID_CONFIG             | Unknown group config name: no.such
            GROUP  | g    | consumer.session.timeout.ms | SET | x | INVALID_CONFIG     | Invalid value x for configuration consumer.session.timeout.ms: Not a number of type INT
            GROUP  | g    | share.session.timeout.ms | SET | 50000 | INVALID_CONFIG    | Aeon does not honour share.session.timeout.ms=50000: share groups and streams groups are not supported yet.
            GROUP  | ""   | consumer.session.timeout.ms | SET | 50000 | INVALID_REQUEST | Default group resources are not allowed.
            CLIENT_METRICS | m | no.such     | SET    | 1 | INVALID_REQUEST            | Unknown client metrics configuration: no.such
            CLIENT_METRICS | m | interval.ms | SET    | 99 | INVALID_REQUEST           | Invalid value 99 for interval.ms, interval must be between 100 and 3600000 (1 hour)
            CLIENT_METRICS | m | interval.ms | SET    | x | INVALID_CONFIG             | Invalid value x for configuration interval.ms: Not a number of type INT
            CLIENT_METRICS | m | match       | SET    | color=red | INVALID_CONFIG     | Illegal client matching pattern: color=red
            CLIENT_METRICS | m | match       | SET    | client_id=(?!x)y | INVALID_CONFIG | Illegal client matching pattern: client_id=(?!x)y (RE2: invalid or unsupported Perl syntax)
            CLIENT_METRICS | m | match       | SET    | client_id=((a{99}){99}){99} | INVALID_CONFIG | The client matching patterns are too large: their lengths times their repetition counts may be 1000 together
            CLIENT_METRICS | "" | metrics    | SET    | * | INVALID_REQUEST            | Subscription name can't be empty
            CLIENT_METRICS | m | metrics     | APPEND | a | INVALID_CONFIG             | Can't APPEND to key metrics because its type is not LIST.
            BROKER | 1    | num.partitions   | SET    | 2 | INVALID_REQUEST            | Cannot update these configs dynamically: [num.partitions]
            BROKER | 1    | log.retention.ms | SET    | x | INVALID_REQUEST            | Invalid value x for configuration log.retention.ms: Not a number of type LONG
            BROKER | 1    | log.retention.ms | SET    | 0 | INVALID_REQUEST            | log.retention.ms must be unlimited (-1) or, greater than or equal to 1
            BROKER | ""   | log.retention.ms | SET    | 0 | INVALID_REQUEST            | log.retention.ms must be unlimited (-1) or, greater than or equal to 1
            BROKER | ""   | log.roll.ms      | SET    | 0 | INVALID_REQUEST            | log.roll.ms must be greater than or equal to 1
            BROKER | 1    | log.roll.ms      | SET    | -1 | INVALID_REQUEST           | log.roll.ms must be greater than or equal to 1
            BROKER | 1    | log.roll.jitter.ms | SET  | -5 | INVALID_REQUEST           | log.roll.jitter.ms must be greater than or equal to 0
            BROKER | ""   | log.segment.bytes | SET   | 1 | INVALID_REQUEST            | Invalid value 1 for configuration log.segment.bytes: Value must be at least 1048576
            BROKER | ""   | log.cleanup.policy | SET  | delete,delete | INVALID_REQUEST | Configuration 'log.cleanup.policy' values must not be duplicated.
            BROKER | ""   | compression.type | SET    | bogus | INVALID_REQUEST        | Invalid value bogus for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer
            BROKER | ""   | num.io.threads   | SET    | 0 | INVALID_REQUEST            | Invalid value 0 for configuration num.io.threads: Value must be at least 1
            BROKER | 1    | num.io.threads   | SET    | 3 | INVALID_REQUEST            | Invalid value org.apache.kafka.common.config.ConfigException: Dynamic thread count update validation failed for num.io.threads=3, value should be at least half the current value 8 for configuration Invalid dynamic configuration
            BROKER | ""   | num.io.threads   | SET    | 17 | INVALID_REQUEST           | Invalid value org.apache.kafka.common.config.ConfigException: Dynamic thread count update validation failed for num.io.threads=17, value should not be greater than double the current value 8 for configuration Invalid dynamic configuration
            BROKER | 1    | log.cleaner.threads | SET | 3 | INVALID_REQUEST            | Invalid value org.apache.kafka.common.config.ConfigException: Log cleaner threads cannot be increased to more than double the current value 1 for configuration Invalid dynamic configuration
            BROKER | ""   | log.cleaner.threads | SET | x | INVALID_REQUEST            | Invalid value x for configuration log.cleaner.threads: Not a number of type INT
            BROKER | ""   | log.cleaner.dedupe.buffer.size | SET | 9 | INVALID_REQUEST | log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.
            BROKER | 1    | max.connections  | SET    | -1 | INVALID_REQUEST           | Invalid value -1 for configuration max.connections: Value must be at least 0
            BROKER | 1    | max.connections.per.ip | SET | 0 | INVALID_REQUEST         | max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.
            BROKER | 1    | max.connections.per.ip.overrides | SET | a | INVALID_REQUEST | Invalid value a for configuration max.connections.per.ip.overrides: "a" has not the form HOST:NUMBER
            BROKER | 1    | max.connection.creation.rate | SET | 1 | INVALID_REQUEST   | Cannot update these configs dynamically: [max.connection.creation.rate]
            BROKER | ""   | producer.id.expiration.ms | SET | 0 | INVALID_REQUEST      | Invalid value 0 for configuration producer.id.expiration.ms: Value must be at least 1
            BROKER | ""   | group.consumer.assignment.interval.ms | SET | 20000 | INVALID_REQUEST | group.consumer.assignment.interval.ms must be less than or equal to group.consumer.max.assignment.interval.ms
            BROKER | ""   | log.retention.hours | SET | 3 | INVALID_REQUEST            | Cannot update these configs dynamically: [log.retention.hours]
            BROKER | ""   | ssl.keystore.location | SET | x | INVALID_REQUEST          | Cannot update these configs dynamically: [ssl.keystore.location]
            BROKER | ""   | no.such.key      | SET    | 1 | INVALID_REQUEST            | Cannot update these configs dynamically: [no.such.key]
            TOPIC  | t    | retention.ms     | SET    | -2 | INVALID_CONFIG            | Invalid value -2 for configuration retention.ms: Value must be at least -1
            TOPIC  | t    | segment.ms       | SET    | 0 | INVALID_CONFIG             | Invalid value 0 for configuration segment.ms: Value must be at least 1
            TOPIC  | t    | segment.jitter.ms | SET   | -1 | INVALID_CONFIG            | Invalid value -1 for configuration segment.jitter.ms: Value must be at least 0
            BROKER | 9    | log.retention.ms | SET    | 1 | INVALID_REQUEST            | Unexpected broker id, expected 1, but received 9
            BROKER | q    | log.retention.ms | SET    | 1 | INVALID_REQUEST            | Node id must be an integer, but it is: q
            """)
    void anInvalidChangeIsRefusedWithKafkasMessage(
            Type type, String name, String setting, OpType operation, String value, Errors error, String message)
            throws Exception {
        AlterConfigsResourceResponse response = alter(type, name, setting, operation, value);

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(error);
        assertThat(response.errorMessage()).isEqualTo(message);
    }

    @Test
    void alterConfigsReplacesAllSettings() throws Exception {
        change(Type.TOPIC, "t", "segment.bytes", OpType.SET, "3000000");

        assertThat(replace("t", Map.of("retention.ms", "7"))).isEqualTo(Errors.NONE);

        assertThat(metadata.image().topicOverrides("t")).containsOnly(Map.entry("retention.ms", "7"));
    }

    @Test
    void topicsGetNoMoreSettingsBeyondTheirHeap() throws Exception {
        limit = new PartitionLimit(2048 + 500, 1, metadata::image, () -> 0);
        change(Type.TOPIC, "t", "retention.ms", OpType.SET, "7");

        AlterConfigsResourceResponse refused = alter(Type.TOPIC, "t", "segment.ms", OpType.SET, "8");
        assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(refused.errorMessage()).contains("2548 bytes", "aeon.limits.topics");
        assertThat(replace("t", Map.of("retention.ms", "7", "segment.ms", "8"))).isEqualTo(Errors.POLICY_VIOLATION);
        change(Type.TOPIC, "t", "retention.ms", OpType.SET, "9");
        change(Type.TOPIC, "t", "retention.ms", OpType.DELETE, null);
        change(Type.BROKER, "", "log.retention.ms", OpType.SET, "9");
    }

    /** AlterConfigs of a topic. */
    private Errors replace(String topic, Map<String, String> with) throws Exception {
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        AlterConfigsRequestData.AlterConfigsResource resource = new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(Type.TOPIC.id())
                .setResourceName(topic);
        with.forEach((name, value) -> resource.configs()
                .add(new AlterConfigsRequestData.AlterableConfig().setName(name).setValue(value)));
        request.resources().add(resource);
        AlterConfigsResponseData response = Calls.call(
                new AlterConfigsHandler(metadata.controller(), limit), request, AlterConfigsResponseData.class);
        return Errors.forCode(response.responses().get(0).errorCode());
    }

    @Test
    void allOfKafkasBrokerSettingsAreDescribed() throws Exception {
        List<DescribeConfigsResourceResult> told = describe(Type.BROKER, "1").configs();

        assertThat(told).hasSize(BROKER_SETTINGS).allSatisfy(setting -> {
            assertThat(setting.documentation()).isNotEmpty();
            assertThat(setting.configType()).isPositive();
        });
        assertThat(told)
                .filteredOn(DescribeConfigsResourceResult::isSensitive)
                .hasSize(10)
                .allSatisfy(setting -> assertThat(setting.value()).isNull());
        assertThat(told(setting(Type.BROKER, "1", "default.replication.factor")))
                .isEqualTo("1 DEFAULT_CONFIG");
        assertThat(told(setting(Type.BROKER, "1", "compression.type"))).isEqualTo("producer DEFAULT_CONFIG");
        assertThat(told(setting(Type.BROKER, "1", "broker.id"))).isEqualTo("1 STATIC_BROKER_CONFIG");
        assertThat(told(setting(Type.BROKER, "1", "log.dirs"))).isEqualTo(dir + " STATIC_BROKER_CONFIG");
        assertThat(told(setting(Type.BROKER, "1", "process.roles")))
                .isEqualTo("broker,controller STATIC_BROKER_CONFIG");
        assertThat(told(setting(Type.BROKER, "1", "listeners"))).startsWith("PLAINTEXT://127.0.0.1:");
        assertThat(told(setting(Type.BROKER, "1", "log.roll.ms"))).isEqualTo("null DEFAULT_CONFIG");
    }

    @Test
    void onlySettingsThatARunningBrokerCanChangeAreNotReadOnly() throws Exception {
        assertThat(setting(Type.BROKER, "1", "compression.type").readOnly()).isFalse();
        assertThat(setting(Type.BROKER, "1", "num.io.threads").readOnly()).isFalse();
        assertThat(setting(Type.BROKER, "1", "log.cleaner.threads").readOnly()).isFalse();
        assertThat(setting(Type.BROKER, "1", "max.connections").readOnly()).isFalse();
        assertThat(setting(Type.BROKER, "1", "max.connections.per.ip.overrides").readOnly())
                .isFalse();
        assertThat(setting(Type.BROKER, "1", "max.connection.creation.rate").readOnly())
                .isTrue();
        assertThat(setting(Type.BROKER, "1", "log.retention.hours").readOnly()).isTrue();
        assertThat(setting(Type.BROKER, "1", "listeners").readOnly()).isTrue();
    }

    @Test
    void theBrokersCompressionTypeAppliesToItsTopics() throws Exception {
        change(Type.BROKER, "", "compression.type", OpType.SET, "gzip");

        assertThat(told(setting(Type.TOPIC, "t", "compression.type"))).isEqualTo("gzip DYNAMIC_DEFAULT_BROKER_CONFIG");
    }

    @Test
    void aChangeWithoutEffectIsStoredAndDescribed() throws Exception {
        change(Type.BROKER, "1", "num.io.threads", OpType.SET, "16");

        assertThat(told(setting(Type.BROKER, "1", "num.io.threads"))).isEqualTo("16 DYNAMIC_BROKER_CONFIG");
    }

    /** kafka-reassign-partitions sets them, and takes them back. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "leader.replication.throttled.rate",
                "follower.replication.throttled.rate",
                "replica.alter.log.dirs.io.max.bytes.per.second"
            })
    void throttlesAreDescribedOnlyWhileTheyAreSet(String throttle) throws Exception {
        change(Type.BROKER, "", throttle, OpType.SET, "2000");
        change(Type.BROKER, "1", throttle, OpType.SET, "1000");

        assertThat(told(setting(Type.BROKER, "1", throttle))).isEqualTo("1000 DYNAMIC_BROKER_CONFIG");
        assertThat(told(setting(Type.BROKER, "", throttle))).isEqualTo("2000 DYNAMIC_DEFAULT_BROKER_CONFIG");

        change(Type.BROKER, "", throttle, OpType.DELETE, "");
        change(Type.BROKER, "1", throttle, OpType.DELETE, "");
        assertThat(describe(Type.BROKER, "1", throttle).configs()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            delete,delete          | delete
            compact,delete,compact | compact,delete
            ' compact , delete'    | compact,delete
            """)
    void aDuplicateInACleanupPolicyIsDescribedOnce(String given, String told) throws Exception {
        change(Type.TOPIC, "t", "cleanup.policy", OpType.SET, given);

        DescribeConfigsResourceResult policy = setting(Type.TOPIC, "t", "cleanup.policy");
        assertThat(policy.value()).isEqualTo(told);
        assertThat(policy.synonyms().get(0).value()).isEqualTo(told);
    }

    @Test
    void listsThatAllowDuplicatesAreDescribedAsGiven() throws Exception {
        change(Type.TOPIC, "t", "follower.replication.throttled.replicas", OpType.SET, "0:1,0:1");

        assertThat(setting(Type.TOPIC, "t", "follower.replication.throttled.replicas")
                        .value())
                .isEqualTo("0:1,0:1");
    }

    @Test
    void aListOfThrottledReplicasMayNameThoseOfManyPartitions() throws Exception {
        String list = IntStream.range(0, 1000).mapToObj(each -> each + ":1").collect(Collectors.joining(","));

        change(Type.TOPIC, "t", "leader.replication.throttled.replicas", OpType.SET, list);

        assertThat(setting(Type.TOPIC, "t", "leader.replication.throttled.replicas")
                        .value())
                .isEqualTo(list);
    }

    @Test
    void brokerSettingsAreDescribedWithSourceAndReadOnlyFlag() throws Exception {
        assertThat(told(setting(Type.BROKER, "1", "log.segment.bytes"))).isEqualTo("2000000 STATIC_BROKER_CONFIG");
        assertThat(setting(Type.BROKER, "1", "log.segment.bytes").readOnly()).isFalse();
        assertThat(setting(Type.BROKER, "1", "num.partitions").readOnly()).isTrue();
        assertThat(setting(Type.BROKER, "1", "num.partitions").documentation()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            TOPIC  | nope | UNKNOWN_TOPIC_OR_PARTITION | ""
            TOPIC  | a/b  | INVALID_TOPIC_EXCEPTION    | Topic name is invalid
            BROKER | 9    | INVALID_REQUEST            | Unexpected broker id, expected 1 or empty string, but received 9
            BROKER | x    | INVALID_REQUEST            | Broker id must be an integer, but it is: x
            GROUP  | ""   | INVALID_REQUEST            | Group name must not be empty
            """)
    void aMissingResourceIsNotDescribed(Type type, String name, Errors error, String message) throws Exception {
        DescribeConfigsResult result = describe(type, name);

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
        assertThat(result.errorMessage()).startsWith(message);
    }

    @Test
    void onlyTheRequestedSettingsAreDescribed() throws Exception {
        assertThat(describe(Type.TOPIC, "t", "retention.ms", "no.such").configs())
                .extracting(DescribeConfigsResourceResult::name)
                .containsExactly("retention.ms");
    }

    @Test
    void resourcesWithSettingsAreListed() throws Exception {
        change(Type.GROUP, "g", "consumer.session.timeout.ms", OpType.SET, "50000");
        ListConfigResourcesResponseData all = Calls.call(
                new ListConfigResourcesHandler(metadata),
                new ListConfigResourcesRequestData(),
                ListConfigResourcesResponseData.class);
        ListConfigResourcesResponseData unknown = Calls.call(
                new ListConfigResourcesHandler(metadata),
                new ListConfigResourcesRequestData().setResourceTypes(List.of((byte) 77)),
                ListConfigResourcesResponseData.class);

        assertThat(all.configResources())
                .extracting(resource -> Type.forId(resource.resourceType()) + " " + resource.resourceName())
                .containsExactlyInAnyOrder("TOPIC t", "BROKER 1", "BROKER_LOGGER 1", "GROUP g");
        assertThat(Errors.forCode(unknown.errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    @Test
    void theMemoryOfAListOfManyTopicsIsAskedForBeforeItIsBuilt() throws Exception {
        ListConfigResourcesHandler handler = new ListConfigResourcesHandler(metadata);
        ListConfigResourcesRequestData all = new ListConfigResourcesRequestData();
        assertThat(handler.answerBytes(all, handler.latestVersion())).isZero();

        CreateTopicsRequestData topics = new CreateTopicsRequestData().setTimeoutMs(60_000);
        IntStream.range(0, 1_000)
                .forEach(i -> topics.topics()
                        .add(new CreatableTopic()
                                .setName("topic-" + i)
                                .setNumPartitions(1)
                                .setReplicationFactor((short) 1)));
        metadata.controller().createTopics(topics).get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);

        assertThat(handler.answerBytes(all, handler.latestVersion())).isGreaterThan(100_000);
        assertThat(handler.answerBytes(all, (short) 0)).isZero();
        assertThat(handler.answerBytes(
                        new ListConfigResourcesRequestData().setResourceTypes(List.of(Type.BROKER.id())),
                        handler.latestVersion()))
                .isZero();
    }

    @Test
    void theLevelOfALoggerIsASetting() throws Exception {
        String logger = "io.aeon.api.configs.changed";
        Logger changed = LoggerFactory.getLogger(logger);

        change(Type.BROKER_LOGGER, "1", logger, OpType.SET, "WARN");
        assertThat(told(setting(Type.BROKER_LOGGER, "1", logger))).isEqualTo("WARN DYNAMIC_BROKER_LOGGER_CONFIG");
        assertThat(changed.isInfoEnabled()).isFalse();
        change(Type.BROKER_LOGGER, "1", logger, OpType.SET, "FATAL");
        assertThat(setting(Type.BROKER_LOGGER, "1", logger).value()).isEqualTo("FATAL");
        assertThat(changed.isErrorEnabled()).isFalse();
        change(Type.BROKER_LOGGER, "1", logger, OpType.DELETE, null);
        assertThat(setting(Type.BROKER_LOGGER, "1", logger).value())
                .isEqualTo(setting(Type.BROKER_LOGGER, "1", "root").value());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            2 | root    | SET      | INFO | INVALID_REQUEST | Unexpected broker id, expected 1 but received 2
            x | root    | SET      | INFO | INVALID_REQUEST | Node id must be an integer, but it is: x
            1 | no.such | SET      | INFO | INVALID_CONFIG  | Logger no.such does not exist!
            1 | no.such | DELETE   |      | INVALID_CONFIG  | Logger no.such does not exist!
            1 | root    | SET      | LOUD | INVALID_CONFIG  | Cannot set the log level of root to LOUD as it is not
            1 | root    | SET      |      | INVALID_REQUEST | Null value not supported for : root
            1 | root    | DELETE   |      | INVALID_REQUEST | Removing the log level of the root logger is not allowed
            1 | root    | APPEND   | INFO | INVALID_REQUEST | APPEND operation is not allowed for the BROKER_LOGGER
            1 | root    | SUBTRACT | INFO | INVALID_REQUEST | SUBTRACT operation is not allowed for the BROKER_LOGGER
            """)
    void anInvalidChangeOfALoggerIsRefused(
            String broker, String logger, OpType operation, String value, Errors error, String message)
            throws Exception {
        AlterConfigsResourceResponse result = alter(Type.BROKER_LOGGER, broker, logger, operation, value);

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
        assertThat(result.errorMessage()).startsWith(message);
    }

    @Test
    void theDescriptionsOfManyGroupsAreCountedBeforeTheyAreBuilt() {
        List<DescribeConfigsResource> groups = IntStream.range(0, 1000)
                .mapToObj(i -> new DescribeConfigsResource()
                        .setResourceType(Type.GROUP.id())
                        .setResourceName("group " + i))
                .toList();

        long bytes = describing().answerBytes(new DescribeConfigsRequestData().setResources(groups), (short) 4);

        assertThat(bytes).isGreaterThan(500_000);
    }

    private static BrokerLoggers loggers() {
        return new BrokerLoggers(1, LogLevels.ofThisProgram());
    }

    private DescribeConfigsHandler describing() {
        return new DescribeConfigsHandler(
                metadata, new ConfigDescriptions(1, settings.kafka(), metadata.topicConfigs()), loggers());
    }

    @Test
    void aResourceThatIsNamedVeryOftenIsDescribedAtOnce() {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setResources(IntStream.range(0, 200_000)
                        .mapToObj(i -> new DescribeConfigsResource()
                                .setResourceType(Type.TOPIC.id())
                                .setResourceName("t")
                                .setConfigurationKeys(List.of("no.such." + i)))
                        .toList());

        assertThat(assertTimeoutPreemptively(
                                PatientWaits.LIMIT,
                                () -> Calls.call(describing(), request, DescribeConfigsResponseData.class))
                        .results())
                .singleElement()
                .satisfies(result -> assertThat(result.configs()).isEmpty());
    }

    private DescribeConfigsResult describe(Type type, String name, String... settingNames) throws Exception {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setIncludeSynonyms(true)
                .setIncludeDocumentation(true)
                .setResources(List.of(new DescribeConfigsResource()
                        .setResourceType(type.id())
                        .setResourceName(name)
                        .setConfigurationKeys(settingNames.length == 0 ? null : List.of(settingNames))));
        return Calls.call(describing(), request, DescribeConfigsResponseData.class)
                .results()
                .get(0);
    }

    private DescribeConfigsResourceResult setting(Type type, String name, String setting) throws Exception {
        return describe(type, name, setting).configs().get(0);
    }

    private static String told(DescribeConfigsResourceResult setting) {
        return setting.value() + " " + ConfigSource.forId(setting.configSource());
    }

    @Test
    void groupsWithSettingsOfTheirOwnAreBounded() throws Exception {
        for (int first = 0; first < 10_000; first += 1000) {
            IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
            for (int i = first; i < first + 1000; i++) {
                request.resources().add(sessionTimeout("group-" + i, "46000"));
            }
            assertThat(Calls.call(
                                    new IncrementalAlterConfigsHandler(metadata.controller(), loggers(), limit),
                                    request,
                                    IncrementalAlterConfigsResponseData.class)
                            .responses())
                    .allSatisfy(response -> assertThat(response.errorCode()).isZero());
        }

        String setting = "consumer.session.timeout.ms";
        AlterConfigsResourceResponse refused = alter(Type.GROUP, "more", setting, OpType.SET, "46000");
        assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(refused.errorMessage()).contains("10000 groups");
        change(Type.GROUP, "group-7", setting, OpType.SET, "47000");
        change(Type.GROUP, "group-8", setting, OpType.DELETE, "");
        change(Type.GROUP, "more", setting, OpType.SET, "46000");
    }

    @Test
    void subscriptionsToClientMetricsAreBounded() throws Exception {
        IncrementalAlterConfigsRequestData many = new IncrementalAlterConfigsRequestData();
        for (int i = 0; i < 101; i++) {
            many.resources().add(resource(Type.CLIENT_METRICS, "s" + i, "metrics", OpType.SET, "*"));
        }
        assertThat(Calls.call(
                                new IncrementalAlterConfigsHandler(metadata.controller(), loggers(), limit),
                                many,
                                IncrementalAlterConfigsResponseData.class)
                        .responses())
                .extracting(AlterConfigsResourceResponse::errorCode)
                .containsOnlyOnce(Errors.INVALID_REQUEST.code());
        assertThat(metadata.image().metricsSubscriptions()).hasSize(100);

        AlterConfigsResourceResponse refused = alter(Type.CLIENT_METRICS, "more", "metrics", OpType.SET, "*");
        assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
        change(Type.CLIENT_METRICS, "s1", "metrics", OpType.DELETE, null);
        change(Type.CLIENT_METRICS, "more", "metrics", OpType.SET, "*");
    }

    @Test
    void aGroupsSettingHasNoMoreCharactersThanItsValueNeeds() throws Exception {
        AlterConfigsResourceResponse refused =
                alter(Type.GROUP, "g", "consumer.session.timeout.ms", OpType.SET, "0".repeat(30_000) + "46000");

        assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.INVALID_CONFIG);
    }

    private static AlterConfigsResource sessionTimeout(String group, String value) {
        return resource(Type.GROUP, group, "consumer.session.timeout.ms", OpType.SET, value);
    }

    private static AlterConfigsResource resource(
            Type type, String name, String setting, OpType operation, String value) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type.id()).setResourceName(name);
        resource.configs()
                .add(new AlterableConfig()
                        .setName(setting)
                        .setConfigOperation(operation.id())
                        .setValue(value));
        return resource;
    }

    private void change(Type type, String name, String setting, OpType operation, String value) throws Exception {
        AlterConfigsResourceResponse response = alter(type, name, setting, operation, value);
        assertThat(Errors.forCode(response.errorCode()))
                .as(response.errorMessage())
                .isEqualTo(Errors.NONE);
    }

    private AlterConfigsResourceResponse alter(Type type, String name, String setting, OpType operation, String value)
            throws Exception {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource(type, name, setting, operation, value));
        return Calls.call(
                        new IncrementalAlterConfigsHandler(metadata.controller(), loggers(), limit),
                        request,
                        IncrementalAlterConfigsResponseData.class)
                .responses()
                .get(0);
    }
}
