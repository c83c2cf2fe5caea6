package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.embedded.Aeon;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The administration of transactions with Kafka's Admin client. */
class TransactionAdminIT {
    private static final TopicPartition OUT = new TopicPartition("out", 0);

    private Aeon broker;
    private Clients clients;
    private Admin admin;
    private Producer<String, String> producer;

    @BeforeEach
    void start() {
        broker = Aeon.builder().start();
        clients = new Clients(broker);
        clients.create("out", 1, Map.of());
        admin = clients.admin();
        producer = clients.producer(Map.of("transactional.id", "orders-1"));
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("out", 0, null, "open"));
        producer.flush();
    }

    @AfterEach
    void stop() {
        producer.close();
        admin.close();
        broker.close();
    }

    private Collection<TransactionListing> list(ListTransactionsOptions options) {
        return done(admin.listTransactions(options).all());
    }

    private TransactionDescription describe() {
        return done(admin.describeTransactions(List.of("orders-1")).all()).get("orders-1");
    }

    @Test
    void openTransactionIsDescribed() {
        TransactionDescription told = describe();

        assertThat(told.state()).isEqualTo(TransactionState.ONGOING);
        assertThat(told.topicPartitions()).containsExactly(OUT);
        assertThat(told.transactionStartTimeMs()).isPresent();
        assertThatThrownBy(
                        () -> done(admin.describeTransactions(List.of("nobody")).all()))
                .hasRootCauseInstanceOf(TransactionalIdNotFoundException.class);
    }

    @Test
    void transactionsAreListedByFilter() {
        long id = describe().producerId();

        assertThat(list(new ListTransactionsOptions()))
                .containsExactly(new TransactionListing("orders-1", id, TransactionState.ONGOING));
        assertThat(list(new ListTransactionsOptions().filterStates(Set.of(TransactionState.EMPTY))))
                .isEmpty();
        assertThat(list(new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING))))
                .hasSize(1);
        assertThat(list(new ListTransactionsOptions().filterProducerIds(Set.of(id + 1))))
                .isEmpty();
        assertThat(list(new ListTransactionsOptions().filterOnDuration(3_600_000)))
                .isEmpty();
        assertThat(list(new ListTransactionsOptions().filterOnTransactionalIdPattern("orders-.*")))
                .hasSize(1);
        assertThat(list(new ListTransactionsOptions().filterOnTransactionalIdPattern("orders")))
                .isEmpty();
        assertThatThrownBy(() -> list(new ListTransactionsOptions().filterOnTransactionalIdPattern("(")))
                .hasRootCauseInstanceOf(InvalidRegularExpression.class);
    }

    @Test
    void producersAreFenced() {
        done(admin.fenceProducers(List.of("orders-1")).all());

        assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
    }

    @Test
    void hangingTransactionIsAbortedInItsPartition() {
        TransactionDescription open = describe();

        done(admin.abortTransaction(new AbortTransactionSpec(
                        OUT, open.producerId(), (short) open.producerEpoch(), open.coordinatorId()))
                .all());

        assertThat(done(admin.describeProducers(List.of(OUT)).all()).get(OUT).activeProducers())
                .singleElement()
                .satisfies(state ->
                        assertThat(state.currentTransactionStartOffset()).isEmpty());
    }

    @Test
    void timeoutAboveTheLimitIsRefused() {
        try (var greedy = clients.producer(Map.of("transactional.id", "greedy", "transaction.timeout.ms", 900_001))) {
            assertThatThrownBy(greedy::initTransactions).hasMessageContaining("transaction.max.timeout.ms");
        }
    }

    @Test
    void transactionVersionTwoIsInForce() {
        FeatureMetadata features = done(admin.describeFeatures().featureMetadata());

        assertThat(features.finalizedFeatures().get("transaction.version").maxVersionLevel())
                .isEqualTo((short) 2);
    }
}
