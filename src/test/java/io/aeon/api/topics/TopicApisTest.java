package io.aeon.api.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.aeon.CollidingNames;
import io.aeon.PatientWaits;
import io.aeon.api.ApiHandler;
import io.aeon.api.Calls;
import io.aeon.api.ClientConnection;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.groups.CoordinatorTopic;
import io.aeon.api.quotas.MutationQuotas;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.Controller;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.node.Engines;
import io.aeon.metadata.node.KRaft;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected error messages are those of Apache Kafka 4.4.0. */
class TopicApisTest {
    private static final int MANY = 6000;

    @TempDir
    Path dir;

    private KRaft metadata;
    private final MutationQuotas quotas = new MutationQuotas(11, 1, Clock.systemUTC());
    private PartitionLimit limit;
    private long nanoTime;
    /** The answers that a silent controller owes, in the order of its requests. */
    private final List<CompletableFuture<CreateTopicsResponseData>> owed = new ArrayList<>();

    private final Set<TopicPartition> offline = new HashSet<>();
    private final Partitions partitions = new Partitions() {
        @Override
        public void tell(TopicPartition partition, PartitionCommand command) {}

        @Override
        public boolean isOffline(TopicPartition partition) {
            return offline.contains(partition);
        }
    };

    @BeforeEach
    void start() {
        metadata = Engines.start(Engines.settings(dir, Map.of("aeon.kafka.num.partitions", 2)));
        limit = new PartitionLimit(1 << 30, 2, metadata::image, () -> nanoTime);
    }

    @AfterEach
    void stop() {
        metadata.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ..    | 1  | 1  | INVALID_TOPIC_EXCEPTION    | Topic name is invalid: '..' is not allowed
            a/b   | 1  | 1  | INVALID_TOPIC_EXCEPTION    | contains one or more characters other than ASCII alphanumerics
            a_x   | 1  | 1  | INVALID_TOPIC_EXCEPTION    | Topic 'a_x' collides with existing topic: a.x
            a.x   | 1  | 1  | TOPIC_ALREADY_EXISTS       | Topic 'a.x' already exists.
            t     | 0  | 1  | INVALID_PARTITIONS         | Number of partitions was set to an invalid non-positive value.
            t     | 1  | 0  | INVALID_REPLICATION_FACTOR | Replication factor must be larger than 0, or -1 to use the default value.
            t     | 1  | 3  | INVALID_REPLICATION_FACTOR | only 1 broker(s) are registered
            t     | 20000 | 1 | POLICY_VIOLATION         | Excessively large number of partitions per request.
            __cluster_metadata | 1 | 1 | INVALID_REQUEST     | Creation of internal topic __cluster_metadata is prohibited.
            """)
    void anInvalidTopicIsRefusedWithKafkasMessage(
            String name, int partitions, int replicas, Errors error, String message) throws Exception {
        create(topic("a.x", 1));

        CreatableTopicResult result = create(topic(name, partitions).setReplicationFactor((short) replicas));

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
        assertThat(result.errorMessage()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            no.such                | 1    | Unknown topic config name: no.such
            retention.ms           | x    | Invalid value x for configuration retention.ms: Not a number of type LONG
            segment.bytes          | 1    | Invalid value 1 for configuration segment.bytes: Value must be at least 1048576
            cleanup.policy         | foo  | Invalid value foo for configuration cleanup.policy: String must be one of: compact, delete
            retention.ms           |      | Null value not supported for topic configs: retention.ms
            remote.storage.enable  | true | Tiered Storage functionality is disabled in the broker.
            preallocate            | true | Aeon does not honour preallocate=true
            """)
    void anInvalidSettingIsRefusedWithKafkasMessage(String setting, String value, String message) throws Exception {
        CreatableTopic topic = topic("t", 1);
        topic.configs().add(new CreatableTopicConfig().setName(setting).setValue(value));

        CreatableTopicResult result = create(topic);

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(result.errorMessage()).startsWith(message);
    }

    @Test
    void aTopicNamedTwiceIsRefusedAndTheOthersAreCreated() throws Exception {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(60_000);
        request.topics().add(topic("twice", 1));
        request.topics().add(topic("twice", 2));
        request.topics().add(topic("once", 1));

        CreateTopicsResponseData response = Calls.call(
                new CreateTopicsHandler(metadata.controller(), limit, quotas), request, CreateTopicsResponseData.class);

        assertThat(response.topics().find("twice").errorMessage()).isEqualTo("Duplicate topic name.");
        assertThat(Errors.forCode(response.topics().find("once").errorCode())).isEqualTo(Errors.NONE);
    }

    @Test
    void aReplyDescribesTheTopicAndValidateOnlyCreatesNothing() throws Exception {
        CreateTopicsRequestData request =
                new CreateTopicsRequestData().setTimeoutMs(60_000).setValidateOnly(true);
        request.topics().add(topic("t", -1).setReplicationFactor((short) -1));

        CreatableTopicResult result = Calls.call(
                        new CreateTopicsHandler(metadata.controller(), limit, quotas),
                        request,
                        CreateTopicsResponseData.class)
                .topics()
                .find("t");

        assertThat(result.numPartitions()).isEqualTo(2);
        assertThat(result.replicationFactor()).isEqualTo((short) 1);
        assertThat(result.configs()).extracting(config -> config.name()).contains("retention.ms", "cleanup.policy");
        assertThat(metadata.image().topics()).isEmpty();
    }

    @Test
    void topicsAreDeletedByNameAndById() throws Exception {
        Uuid byId = create(topic("by-id", 1)).topicId();
        create(topic("by-name", 1));
        Uuid unknown = new Uuid(7, 7);

        DeleteTopicsResponseData response = Calls.call(
                new DeleteTopicsHandler(metadata.controller(), true, quotas),
                new DeleteTopicsRequestData()
                        .setTimeoutMs(60_000)
                        .setTopics(List.of(
                                new DeleteTopicState().setName(null).setTopicId(byId),
                                new DeleteTopicState().setName("by-name"),
                                new DeleteTopicState().setName("nope"),
                                new DeleteTopicState().setName(null).setTopicId(unknown),
                                new DeleteTopicState().setName("both").setTopicId(unknown))),
                DeleteTopicsResponseData.class);

        assertThat(response.responses())
                .extracting(result -> errorOf(result) + " " + result.name())
                .containsExactlyInAnyOrder(
                        "NONE by-id",
                        "NONE by-name",
                        "UNKNOWN_TOPIC_OR_PARTITION nope",
                        "UNKNOWN_TOPIC_ID null",
                        "INVALID_REQUEST both");
        assertThat(metadata.image().topics()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, INVALID_REQUEST", "2, INVALID_REQUEST", "3, TOPIC_DELETION_DISABLED", "6, TOPIC_DELETION_DISABLED"})
    void noTopicIsDeletedIfDeletionIsDisabled(int version, Errors error) throws Exception {
        create(topic("kept", 1));
        DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(60_000);
        if (version < 6) {
            request.setTopicNames(List.of("kept"));
        } else {
            request.topics().add(new DeleteTopicState().setName("kept"));
        }

        DeleteTopicsResponseData response = Calls.call(
                new DeleteTopicsHandler(metadata.controller(), false, quotas),
                version,
                request,
                DeleteTopicsResponseData.class);

        assertThat(response.responses()).allSatisfy(result -> {
            assertThat(result.name()).isEqualTo("kept");
            assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
        });
        assertThat(metadata.image().topic("kept")).isPresent();
    }

    @Test
    void partitionsAreAddedAndNeverRemoved() throws Exception {
        create(topic("t", 2));

        assertThat(grow("t", 5).errorCode()).isZero();
        assertThat(metadata.image().topic("t").orElseThrow().partitions()).hasSize(5);
        assertThat(grow("t", 5).errorMessage()).isEqualTo("Topic already has 5 partition(s).");
        assertThat(grow("t", 3).errorMessage())
                .isEqualTo("The topic t currently has 5 partition(s); 3 would not be an increase.");
        assertThat(Errors.forCode(grow("nope", 3).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aMissingTopicIsCreatedOnlyIfBrokerAndClientAllowIt() throws Exception {
        MetadataRequestData wants = named("wanted").setAllowAutoTopicCreation(true);

        assertThat(Errors.forCode(only(ask(
                                new MetadataHandler(metadata, partitions, false, limit, List.of(), Runnable::run),
                                wants))
                        .errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(Errors.forCode(only(ask(handler(metadata), named("wanted"))).errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        MetadataResponseTopic made = only(ask(handler(metadata), wants));
        assertThat(made.errorCode()).isZero();
        assertThat(made.partitions())
                .hasSize(2)
                .allSatisfy(partition -> assertThat(partition.leaderId()).isEqualTo(1));
    }

    @Test
    void noTopicAndNoPartitionIsCreatedBeyondTheirHeap() throws Exception {
        limit = new PartitionLimit(3 * 2048, 1, metadata::image, () -> nanoTime);
        assertThat(Errors.forCode(create(topic("a", 1)).errorCode())).isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(create(topic("b", 1)).errorCode())).isEqualTo(Errors.NONE);

        CreatableTopicResult refused = create(topic("c", 3));
        assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(refused.errorMessage()).contains("6144 bytes", "aeon.limits.topics");
        assertThat(Errors.forCode(grow("a", 5).errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(Errors.forCode(create(topic("a", 9)).errorCode())).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
        assertThat(Errors.forCode(grow("a", 3).errorCode())).isEqualTo(Errors.NONE);

        MetadataHandler metadataHandler = handler(metadata);
        MetadataRequestData wants = named("wanted").setAllowAutoTopicCreation(true);
        assertThat(Errors.forCode(only(ask(metadataHandler, wants)).errorCode()))
                .isEqualTo(Errors.POLICY_VIOLATION);
    }

    @Test
    void theSettingsOfATopicCountWithIt() throws Exception {
        limit = new PartitionLimit(3 * 2048, 1, metadata::image, () -> nanoTime);
        CreatableTopic large = topic("a", 1);
        for (String name : List.of("retention.ms", "segment.ms", "delete.retention.ms", "min.compaction.lag.ms")) {
            large.configs().add(new CreatableTopicConfig().setName(name).setValue("0".repeat(500) + "1"));
        }
        assertThat(Errors.forCode(create(large).errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
        large.configs().remove(large.configs().find("segment.ms"));
        large.configs().remove(large.configs().find("retention.ms"));
        assertThat(Errors.forCode(create(large).errorCode())).isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(create(topic("b", 1)).errorCode())).isEqualTo(Errors.POLICY_VIOLATION);

        nanoTime += 1_000_000_000;
        assertThat(Errors.forCode(create(topic("b", 1)).errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
    }

    @Test
    void aDeletedTopicMakesRoomForOthers() throws Exception {
        limit = new PartitionLimit(2048, 1, metadata::image, () -> nanoTime);
        Uuid id = create(topic("a", 1)).topicId();
        assertThat(Errors.forCode(create(topic("b", 1)).errorCode())).isEqualTo(Errors.POLICY_VIOLATION);

        DeleteTopicsRequestData deletion = new DeleteTopicsRequestData().setTimeoutMs(60_000);
        deletion.topics().add(new DeleteTopicState().setName(null).setTopicId(id));
        metadata.controller().deleteTopics(deletion, partitions -> {}).get();
        nanoTime += 1_000_000_000;

        assertThat(Errors.forCode(create(topic("b", 1)).errorCode())).isEqualTo(Errors.NONE);
    }

    @Test
    void internalTopicsAreCreatedBeyondTheHeapOfTopics() throws Exception {
        limit = new PartitionLimit(2048, 1, metadata::image, () -> nanoTime);
        create(topic("a", 1));

        assertThat(Errors.forCode(create(topic("b", 1)).errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(Errors.forCode(
                        create(topic(Topic.GROUP_METADATA_TOPIC_NAME, 50)).errorCode()))
                .isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(
                        create(topic(Topic.TRANSACTION_STATE_TOPIC_NAME, 50)).errorCode()))
                .isEqualTo(Errors.NONE);
    }

    @Test
    void whatIsOnlyValidatedTakesNoHeap() throws Exception {
        limit = new PartitionLimit(2 * 2048, 1, metadata::image, () -> nanoTime);
        create(topic("a", 1));
        CreateTopicsRequestData topics =
                new CreateTopicsRequestData().setTimeoutMs(60_000).setValidateOnly(true);
        topics.topics().add(topic("b", 1));
        topics.topics().add(topic("c", 1));
        CreatePartitionsRequestData more =
                new CreatePartitionsRequestData().setTimeoutMs(60_000).setValidateOnly(true);
        more.topics().add(new CreatePartitionsTopic().setName("a").setCount(2).setAssignments(null));

        for (int times = 0; times < 5; times++) {
            assertThat(Calls.call(
                                    new CreateTopicsHandler(metadata.controller(), limit, quotas),
                                    topics,
                                    CreateTopicsResponseData.class)
                            .topics())
                    .allMatch(result -> result.errorCode() == Errors.NONE.code());
            assertThat(Calls.call(
                                    new CreatePartitionsHandler(metadata.controller(), limit, quotas),
                                    more,
                                    CreatePartitionsResponseData.class)
                            .results())
                    .allMatch(result -> result.errorCode() == Errors.NONE.code());
        }

        assertThat(Errors.forCode(create(topic("b", 1)).errorCode())).isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(create(topic("c", 1)).errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
    }

    @Test
    void anInvalidNameIsNotCreated() throws Exception {
        MetadataRequestData wants = named("a b").setAllowAutoTopicCreation(true);

        assertThat(Errors.forCode(only(ask(handler(metadata), wants)).errorCode()))
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }

    /** The thread that ends the wait serves all timeouts of the JVM. */
    @Test
    void anAnswerWithoutAControllerIsBuiltOnThePool() {
        AtomicInteger tasks = new AtomicInteger();
        Executor pool = task -> {
            tasks.incrementAndGet();
            task.run();
        };
        Metadata alone = withSilentController(new ArrayList<>());
        CoordinatorTopic groups = CoordinatorTopic.ofGroups(alone, metadata.settings(), pool);
        MetadataHandler handler = new MetadataHandler(alone, partitions, true, limit, List.of(), pool);

        assertThat(PatientWaits.done(groups.findOrCreate())).isEmpty();
        assertThat(tasks).hasValue(1);
        handled(handler, wanting("missing"));
        assertThat(tasks).hasValue(2);
    }

    /** No bound is named: the controller does not answer at all. */
    @Test
    void withoutAControllerTheTopicsThatExistAreDescribedAllTheSame() throws Exception {
        create(topic("orders", 1));
        List<CreateTopicsRequestData> creations = new ArrayList<>();
        Metadata alone = withSilentController(creations);
        CoordinatorTopic groups = CoordinatorTopic.ofGroups(alone, metadata.settings(), Runnable::run);
        MetadataRequestData request = named("orders").setAllowAutoTopicCreation(true);
        request.setTopics(Stream.of("orders", "missing", groups.name())
                .map(name -> new MetadataRequestTopic().setName(name))
                .toList());

        MetadataResponseData response =
                ask(new MetadataHandler(alone, partitions, true, limit, List.of(groups), Runnable::run), request);

        assertThat(response.topics())
                .extracting(topic -> Errors.forCode(topic.errorCode()) + " " + topic.name())
                .containsExactly(
                        "NONE orders",
                        "UNKNOWN_TOPIC_OR_PARTITION missing",
                        "UNKNOWN_TOPIC_OR_PARTITION " + groups.name());
        assertThat(creations).hasSize(2);
    }

    @Test
    void aNameThatClientsMayNotCreateIsNotSentToTheController() throws Exception {
        List<CreateTopicsRequestData> creations = new ArrayList<>();
        MetadataHandler handler = handler(withSilentController(creations));

        ask(handler, named("a b").setAllowAutoTopicCreation(true));

        assertThat(creations).isEmpty();
    }

    @Test
    void aTopicIsAskedForOnceWhileItsCreationIsUnderWay() {
        List<CreateTopicsRequestData> creations = new ArrayList<>();
        MetadataHandler handler = handler(withSilentController(creations));
        begun(handler, wanting("wanted"));
        CompletableFuture<ApiMessage> retry = begun(handler, wanting("wanted", "other"));
        owed.get(0).complete(refusal("wanted"));
        owed.get(1).completeExceptionally(new TimeoutException());

        assertThat(errors(retry)).containsExactly("POLICY_VIOLATION wanted", "UNKNOWN_TOPIC_OR_PARTITION other");
        assertThat(creations).extracting(TopicApisTest::names).containsExactly(List.of("wanted"), List.of("other"));

        begun(handler, wanting("wanted", "other"));
        assertThat(creations)
                .hasSize(3)
                .last()
                .satisfies(last -> assertThat(names(last)).containsExactlyInAnyOrder("wanted", "other"));
    }

    private static CreateTopicsResponseData refusal(String name) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        response.topics().add(new CreatableTopicResult().setName(name).setErrorCode(Errors.POLICY_VIOLATION.code()));
        return response;
    }

    private static List<String> names(CreateTopicsRequestData request) {
        return request.topics().stream().map(CreatableTopic::name).toList();
    }

    private static List<String> errors(CompletableFuture<ApiMessage> response) {
        return ((MetadataResponseData) PatientWaits.done(response))
                .topics().stream()
                        .map(topic -> Errors.forCode(topic.errorCode()) + " " + topic.name())
                        .toList();
    }

    @Test
    void aRetryTakesNothingFromWhatTheClientMayCreate() {
        List<CreateTopicsRequestData> creations = new ArrayList<>();
        MetadataHandler handler = handler(withSilentController(creations));
        String[] most = numbered("a", 600);

        begun(handler, wanting(most));
        begun(handler, wanting(most));
        begun(handler, wanting(numbered("b", 300)));

        assertThat(creations).extracting(creation -> creation.topics().size()).containsExactly(600, 300);
    }

    private static String[] numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
    }

    private static MetadataRequestData wanting(String... names) {
        return new MetadataRequestData()
                .setTopics(Stream.of(names)
                        .map(name -> new MetadataRequestTopic().setName(name))
                        .toList())
                .setAllowAutoTopicCreation(true);
    }

    /** @param creations receives the requests, which are not answered unless the test does it */
    private Metadata withSilentController(List<CreateTopicsRequestData> creations) {
        Controller silent = (Controller) Proxy.newProxyInstance(
                Controller.class.getClassLoader(), new Class<?>[] {Controller.class}, (proxy, method, arguments) -> {
                    creations.add((CreateTopicsRequestData) arguments[0]);
                    CompletableFuture<CreateTopicsResponseData> answer = new CompletableFuture<>();
                    owed.add(answer);
                    return answer;
                });
        return (Metadata) Proxy.newProxyInstance(
                Metadata.class.getClassLoader(),
                new Class<?>[] {Metadata.class},
                (proxy, method, arguments) ->
                        method.getName().equals("controller") ? silent : method.invoke(metadata, arguments));
    }

    @Test
    void metadataHasTopicsByIdAndTheAddressOfTheConnection() throws Exception {
        Uuid id = create(topic("t", 1)).topicId();
        MetadataRequestData request = new MetadataRequestData().setTopics(new ArrayList<>());
        request.topics().add(new MetadataRequestTopic().setName(null).setTopicId(id));
        request.topics().add(new MetadataRequestTopic().setName(null).setTopicId(new Uuid(7, 7)));

        MetadataResponseData response = ask(handler(metadata), request);

        assertThat(response.topics())
                .extracting(topic -> Errors.forCode(topic.errorCode()) + " " + topic.name())
                .containsExactly("NONE t", "UNKNOWN_TOPIC_ID null");
        assertThat(response.brokers().find(1).host()).isEqualTo(Calls.ADVERTISED.getHostString());
        assertThat(response.clusterId()).isEqualTo(metadata.image().clusterId());
        assertThat(response.controllerId()).isEqualTo(1);
    }

    /**
     * 2,000 entries without a name took 5 s, and 6,000 took 27 times as long. The handlers are called directly, because
     * a client decodes as slowly.
     */
    @Test
    void manyTopicsThatDoNotExistAreAnsweredAtOnce() {
        MetadataHandler handler = handler(metadata);
        MetadataRequestData byId = new MetadataRequestData().setTopics(new ArrayList<>());
        MetadataRequestData byNothing = new MetadataRequestData().setTopics(new ArrayList<>());
        DeleteTopicsRequestData deleted = new DeleteTopicsRequestData().setTimeoutMs(60_000);
        for (int i = 1; i <= MANY; i++) {
            byId.topics().add(new MetadataRequestTopic().setName(null).setTopicId(new Uuid(7, i)));
            byNothing.topics().add(new MetadataRequestTopic().setName(null));
            deleted.topics().add(new DeleteTopicState().setName(null).setTopicId(new Uuid(7, i)));
        }

        assertTimeout(PatientWaits.LIMIT, () -> {
            assertThat(((MetadataResponseData) handled(handler, byId)).topics()).hasSize(MANY);
            assertThat(((MetadataResponseData) handled(handler, byNothing)).topics())
                    .hasSize(MANY)
                    .allMatch(topic -> topic.errorCode() == Errors.UNKNOWN_SERVER_ERROR.code());
            assertThat(((DeleteTopicsResponseData)
                                    handled(new DeleteTopicsHandler(metadata.controller(), true, quotas), deleted))
                            .responses())
                    .hasSize(MANY);
        });
    }

    @ParameterizedTest
    @CsvSource({"z, 0", "'', -1"})
    void aRefusedCursorIsAnsweredForVeryManyTopicsAtOnce(String topic, int partition) {
        DescribeTopicPartitionsRequestData request = new DescribeTopicPartitionsRequestData()
                .setTopics(Collections.nCopies(8_000, new TopicRequest().setName("")))
                .setCursor(new DescribeTopicPartitionsRequestData.Cursor()
                        .setTopicName(topic)
                        .setPartitionIndex(partition));

        ApiMessage response = assertTimeout(
                PatientWaits.LIMIT, () -> handled(new DescribeTopicPartitionsHandler(metadata, partitions), request));

        assertThat(((DescribeTopicPartitionsResponseData) response).topics())
                .hasSize(8_000)
                .allMatch(each -> each.errorCode() == Errors.INVALID_REQUEST.code());
    }

    @Test
    void topicsWithEqualHashesAreToldApartAtOnce() {
        MetadataHandler handler = handler(metadata);
        MetadataRequestData request = new MetadataRequestData()
                .setTopics(CollidingNames.many().stream()
                        .map(name -> new MetadataRequestTopic().setName(name))
                        .toList());

        assertThat(assertTimeout(PatientWaits.LIMIT, () -> handler.answerBytes(request, handler.latestVersion())))
                .isZero();
    }

    private static <Q extends ApiMessage> ApiMessage handled(ApiHandler<Q> handler, Q request) {
        return begun(handler, request).join();
    }

    private static <Q extends ApiMessage> CompletableFuture<ApiMessage> begun(ApiHandler<Q> handler, Q request) {
        ClientConnection client = new ClientConnection("client", Calls.ADVERTISED, new InetSocketAddress(0));
        return handler.handle(request, new RequestContext(handler.latestVersion(), 1, "test", client))
                .toCompletableFuture()
                .thenApply(reply -> ((Reply.Message) reply).body());
    }

    @Test
    void nullAsksForTheMetadataOfAllTopics() throws Exception {
        create(topic("one", 1));
        create(topic("two", 1));
        MetadataHandler handler = handler(metadata);

        assertThat(ask(handler, new MetadataRequestData().setTopics(null)).topics())
                .hasSize(2);
        assertThat(ask(handler, new MetadataRequestData().setTopics(List.of())).topics())
                .isEmpty();
    }

    @Test
    void aPartitionWhoseLogCannotBeOpenedHasNoLeader() throws Exception {
        create(topic("t", 2));
        offline.add(new TopicPartition("t", 1));

        assertThat(only(ask(handler(metadata), named("t"))).partitions())
                .extracting(each -> Errors.forCode(each.errorCode()) + " " + each.leaderId() + " of "
                        + each.replicaNodes() + " without " + each.offlineReplicas())
                .containsExactly("NONE 1 of [1] without []", "LEADER_NOT_AVAILABLE -1 of [1] without [1]");
        assertThat(describe(new DescribeTopicPartitionsRequestData(), 10)
                        .topics()
                        .find("t")
                        .partitions())
                .extracting(each -> Errors.forCode(each.errorCode()) + " " + each.leaderId() + " of "
                        + each.replicaNodes() + " without " + each.offlineReplicas())
                .containsExactly("NONE 1 of [1] without []", "NONE -1 of [1] without [1]");
    }

    @Test
    void descriptionsComeInPages() throws Exception {
        create(topic("a", 3));
        create(topic("b", 2));

        DescribeTopicPartitionsResponseData first = describe(new DescribeTopicPartitionsRequestData(), 4);
        DescribeTopicPartitionsResponseData second = describe(
                new DescribeTopicPartitionsRequestData()
                        .setCursor(new DescribeTopicPartitionsRequestData.Cursor()
                                .setTopicName(first.nextCursor().topicName())
                                .setPartitionIndex(first.nextCursor().partitionIndex())),
                4);

        assertThat(first.topics().find("a").partitions()).hasSize(3);
        assertThat(first.topics().find("b").partitions()).hasSize(1);
        assertThat(first.nextCursor()).isEqualTo(new Cursor().setTopicName("b").setPartitionIndex(1));
        assertThat(second.topics()).hasSize(1);
        assertThat(second.topics().find("b").partitions())
                .extracting(partition -> partition.partitionIndex())
                .containsExactly(1);
        assertThat(second.nextCursor()).isNull();
    }

    @Test
    void aMissingTopicIsDescribedWithItsError() throws Exception {
        DescribeTopicPartitionsResponseData response = describe(
                new DescribeTopicPartitionsRequestData().setTopics(List.of(new TopicRequest().setName("nope"))), 10);

        assertThat(Errors.forCode(response.topics().find("nope").errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private static CreatableTopic topic(String name, int partitions) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) 1);
    }

    private CreatableTopicResult create(CreatableTopic topic) throws Exception {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(60_000);
        request.topics().add(topic.duplicate());
        return Calls.call(
                        new CreateTopicsHandler(metadata.controller(), limit, quotas),
                        request,
                        CreateTopicsResponseData.class)
                .topics()
                .iterator()
                .next();
    }

    private CreatePartitionsTopicResult grow(String name, int count) throws Exception {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(60_000);
        request.topics()
                .add(new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null));
        return Calls.call(
                        new CreatePartitionsHandler(metadata.controller(), limit, quotas),
                        request,
                        CreatePartitionsResponseData.class)
                .results()
                .get(0);
    }

    private static MetadataRequestData named(String name) {
        return new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName(name)))
                .setAllowAutoTopicCreation(false);
    }

    private MetadataHandler handler(Metadata seen) {
        return new MetadataHandler(seen, partitions, true, limit, List.of(), Runnable::run);
    }

    private static MetadataResponseData ask(MetadataHandler handler, MetadataRequestData request) throws Exception {
        return Calls.call(handler, request, MetadataResponseData.class);
    }

    private static MetadataResponseTopic only(MetadataResponseData response) {
        assertThat(response.topics()).hasSize(1);
        return response.topics().iterator().next();
    }

    private DescribeTopicPartitionsResponseData describe(DescribeTopicPartitionsRequestData request, int limit)
            throws Exception {
        return Calls.call(
                new DescribeTopicPartitionsHandler(metadata, partitions),
                request.setResponsePartitionLimit(limit),
                DescribeTopicPartitionsResponseData.class);
    }

    private static Errors errorOf(DeletableTopicResult result) {
        return Errors.forCode(result.errorCode());
    }
}
