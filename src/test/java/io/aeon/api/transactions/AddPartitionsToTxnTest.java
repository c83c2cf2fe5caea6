package io.aeon.api.transactions;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.aeon.PatientWaits;
import io.aeon.api.Calls;
import io.aeon.api.ClientConnection;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.FakeMetadata;
import io.aeon.broker.coordinator.CoordinatorsCommand;
import io.aeon.broker.coordinator.CoordinatorsCommand.Deliver;
import io.aeon.broker.transaction.TransactionCoordinators;
import io.aeon.coordinator.transaction.InitResult;
import io.aeon.coordinator.transaction.Ongoing;
import io.aeon.coordinator.transaction.ProducerDriver;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionEffects;
import io.aeon.coordinator.transaction.TransactionListing;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResultCollection;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Apache Kafka 4.4.0 gives the same errors for the same requests. */
class AddPartitionsToTxnTest {
    private static final TopicPartition A = new TopicPartition("t", 0);
    private static final TopicPartition B = new TopicPartition("t", 1);
    private static final TopicPartition BEYOND = new TopicPartition("t", 2);
    private static final TopicPartition NOWHERE = new TopicPartition("nowhere", 0);

    private final FakeMetadata cluster = new FakeMetadata();
    private final Map<String, ProducerDriver> ids = new HashMap<>();
    private final AddPartitionsToTxnHandler handler = new AddPartitionsToTxnHandler(
            new TransactionCoordinators(this::deliver, task -> () -> {}), cluster.metadata());

    AddPartitionsToTxnTest() {
        cluster.add("t", 2);
    }

    private void deliver(CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing> command) {
        var delivered = (Deliver<TransactionCommand, TransactionEffects, TransactionListing>) command;
        id(delivered.id()).step(delivered.command());
    }

    private ProducerDriver id(String transactionalId) {
        return ids.computeIfAbsent(transactionalId, ProducerDriver::new);
    }

    private Set<TopicPartition> inTransaction(String transactionalId) {
        return id(transactionalId).producer().ongoing().map(Ongoing::partitions).orElse(Set.of());
    }

    private static InitResult aged(InitResult who, int epochs) {
        return new InitResult(Errors.NONE, who.producerId(), (short) (who.producerEpoch() + epochs));
    }

    private static AddPartitionsToTxnTransaction transaction(
            String id, InitResult who, boolean verifyOnly, TopicPartition... partitions) {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        for (TopicPartition partition : partitions) {
            topics.add(new AddPartitionsToTxnTopic()
                    .setName(partition.topic())
                    .setPartitions(List.of(partition.partition())));
        }
        return new AddPartitionsToTxnTransaction()
                .setTransactionalId(id)
                .setProducerId(who.producerId())
                .setProducerEpoch(who.producerEpoch())
                .setVerifyOnly(verifyOnly)
                .setTopics(topics);
    }

    /** A request from a client. */
    private Map<TopicPartition, Errors> add(int version, String id, InitResult who, TopicPartition... partitions)
            throws Exception {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(id)
                .setV3AndBelowProducerId(who.producerId())
                .setV3AndBelowProducerEpoch(who.producerEpoch())
                .setV3AndBelowTopics(transaction(id, who, false, partitions).topics());
        return errors(Calls.call(handler, version, request, AddPartitionsToTxnResponseData.class)
                .resultsByTopicV3AndBelow());
    }

    /** A request from a broker. */
    private Map<String, Map<TopicPartition, Errors>> ask(int version, AddPartitionsToTxnTransaction... transactions)
            throws Exception {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
        request.transactions().addAll(List.of(transactions));
        AddPartitionsToTxnResponseData response =
                Calls.call(handler, version, request, AddPartitionsToTxnResponseData.class);
        assertThat(response.errorCode()).isZero();
        Map<String, Map<TopicPartition, Errors>> results = new TreeMap<>();
        response.resultsByTransaction()
                .forEach(result -> results.put(result.transactionalId(), errors(result.topicResults())));
        return results;
    }

    private static Map<TopicPartition, Errors> errors(AddPartitionsToTxnTopicResultCollection topics) {
        Map<TopicPartition, Errors> errors = new HashMap<>();
        topics.forEach(topic -> topic.resultsByPartition()
                .forEach(result -> errors.put(
                        new TopicPartition(topic.name(), result.partitionIndex()),
                        Errors.forCode(result.partitionErrorCode()))));
        return errors;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void clientAddsPartitionsMoreThanOnce(int version) throws Exception {
        InitResult who = id("id").init();

        assertThat(add(version, "id", who, A)).isEqualTo(Map.of(A, Errors.NONE));
        assertThat(add(version, "id", who, A, B)).isEqualTo(Map.of(A, Errors.NONE, B, Errors.NONE));

        assertThat(inTransaction("id")).containsExactlyInAnyOrder(A, B);
    }

    @ParameterizedTest
    @CsvSource({"0, INVALID_PRODUCER_EPOCH", "1, INVALID_PRODUCER_EPOCH", "2, PRODUCER_FENCED", "3, PRODUCER_FENCED"})
    void clientWithAnotherEpochIsFencedWithAnErrorItKnows(int version, Errors error) throws Exception {
        InitResult fenced = id("id").init();
        InitResult who = id("id").init();

        assertThat(add(version, "id", fenced, A, B)).isEqualTo(Map.of(A, error, B, error));
        assertThat(add(version, "id", aged(who, 1), A)).isEqualTo(Map.of(A, error));
        assertThat(inTransaction("id")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void clientWithAnotherProducerIdIsRefused(int version) throws Exception {
        InitResult who = id("id").init();
        InitResult other = new InitResult(Errors.NONE, who.producerId() + 1, who.producerEpoch());

        assertThat(add(version, "id", other, A)).isEqualTo(Map.of(A, Errors.INVALID_PRODUCER_ID_MAPPING));
        assertThat(add(version, "nobody", who, A)).isEqualTo(Map.of(A, Errors.INVALID_PRODUCER_ID_MAPPING));
        assertThat(add(version, "", who, A)).isEqualTo(Map.of(A, Errors.INVALID_REQUEST));
    }

    @ParameterizedTest
    @CsvSource({"0, id", "3, id", "0, ''", "3, ''"})
    void nothingIsAddedIfOnePartitionIsMissing(int version, String id) throws Exception {
        InitResult who = id("id").init();

        assertThat(add(version, id, who, A, BEYOND, NOWHERE))
                .isEqualTo(Map.of(
                        A,
                        Errors.OPERATION_NOT_ATTEMPTED,
                        BEYOND,
                        Errors.UNKNOWN_TOPIC_OR_PARTITION,
                        NOWHERE,
                        Errors.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(inTransaction("id")).isEmpty();
    }

    /** The handler is called directly, because a client decodes slowly. */
    @ParameterizedTest
    @ValueSource(shorts = {3, 5})
    void aPartitionThatIsNamedVeryOftenIsAnsweredAtOnce(short version) {
        InitResult who = id("id").init();
        AddPartitionsToTxnTransaction transaction = transaction("id", who, false);
        transaction.topics().add(new AddPartitionsToTxnTopic().setName("t").setPartitions(nCopies(8_000, 0)));
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
        if (version < 4) {
            request.setV3AndBelowTransactionalId("id")
                    .setV3AndBelowProducerId(who.producerId())
                    .setV3AndBelowProducerEpoch(who.producerEpoch())
                    .setV3AndBelowTopics(transaction.topics());
        } else {
            request.transactions().add(transaction);
        }

        CompletionStage<Reply> reply =
                assertTimeout(PatientWaits.LIMIT, () -> handler.handle(request, context(version)));

        AddPartitionsToTxnResponseData response = (AddPartitionsToTxnResponseData)
                ((Reply.Message) reply.toCompletableFuture().join()).body();
        AddPartitionsToTxnTopicResultCollection topics = version < 4
                ? response.resultsByTopicV3AndBelow()
                : response.resultsByTransaction().find("id").topicResults();
        assertThat(topics.find("t").resultsByPartition())
                .hasSize(8_000)
                .allMatch(result -> result.partitionIndex() == 0 && result.partitionErrorCode() == 0);
        assertThat(inTransaction("id")).containsExactly(A);
    }

    private static RequestContext context(short version) {
        return new RequestContext(
                version, 1, "test", new ClientConnection("client", Calls.ADVERTISED, new InetSocketAddress(0)));
    }

    @Test
    void aRequestMayHaveNoPartitions() throws Exception {
        assertThat(add(3, "id", id("id").init())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void brokerAddsAndVerifiesForManyAtOnce(int version) throws Exception {
        InitResult one = id("one").init();
        InitResult two = id("two").init();
        InitResult three = id("three").init();
        add(3, "two", two, A);

        assertThat(ask(
                        version,
                        transaction("one", one, false, A, B),
                        transaction("two", two, true, A, B),
                        transaction("three", three, true, A, NOWHERE),
                        transaction("nobody", one, true, A),
                        transaction("", one, false, A)))
                .isEqualTo(Map.of(
                        "one", Map.of(A, Errors.NONE, B, Errors.NONE),
                        "two", Map.of(A, Errors.NONE, B, Errors.TRANSACTION_ABORTABLE),
                        "three", Map.of(A, Errors.OPERATION_NOT_ATTEMPTED, NOWHERE, Errors.UNKNOWN_TOPIC_OR_PARTITION),
                        "nobody", Map.of(A, Errors.INVALID_PRODUCER_ID_MAPPING),
                        "", Map.of(A, Errors.INVALID_REQUEST)));
        assertThat(inTransaction("one")).containsExactlyInAnyOrder(A, B);
        assertThat(inTransaction("two")).containsExactly(A);
        assertThat(inTransaction("three")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"4, true", "4, false", "5, true", "5, false"})
    void brokerOfAFencedProducerGetsProducerFenced(int version, boolean verifyOnly) throws Exception {
        InitResult fenced = id("id").init();
        InitResult who = id("id").init();
        add(3, "id", who, A);

        assertThat(ask(version, transaction("id", fenced, verifyOnly, A)))
                .isEqualTo(Map.of("id", Map.of(A, Errors.PRODUCER_FENCED)));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void transactionThatEndsHasNoPartitions(int version) throws Exception {
        InitResult who = id("id").init();
        add(3, "id", who, A);
        assertThat(id("id").end(who, 0, true).error()).isEqualTo(Errors.NONE);

        assertThat(ask(version, transaction("id", who, true, A, B)))
                .isEqualTo(Map.of("id", Map.of(A, Errors.CONCURRENT_TRANSACTIONS, B, Errors.CONCURRENT_TRANSACTIONS)));
        id("id").writeMarkers();
        assertThat(ask(version, transaction("id", who, true, A)))
                .isEqualTo(Map.of("id", Map.of(A, Errors.TRANSACTION_ABORTABLE)));
    }
}
