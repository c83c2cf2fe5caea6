package io.aeon.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.broker.coordinator.CoordinatorsCommand;
import io.aeon.broker.coordinator.CoordinatorsCommand.Deliver;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.transaction.TransactionAdmission.Answer;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.coordinator.transaction.Ongoing;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionCommand.AddPartitions;
import io.aeon.coordinator.transaction.TransactionCommand.VerifyPartition;
import io.aeon.coordinator.transaction.TransactionEffects;
import io.aeon.coordinator.transaction.TransactionListing;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TransactionalAppendsTest {
    private static final TopicPartition A = new TopicPartition("t", 0);
    private static final TopicPartition B = new TopicPartition("t", 1);

    private final List<String> arrived = new ArrayList<>();
    private final Deque<TransactionCommand> asked = new ArrayDeque<>();
    private final TransactionCoordinators coordinators = new TransactionCoordinators(this::deliver, task -> () -> {});
    private boolean isCoordinatorElsewhere;
    private int leaderEpoch = 3;
    private final TransactionalAppends appends = new TransactionalAppends(
            this::arrive,
            (writer, partition) -> coordinators
                    .admit(writer, partition)
                    .thenApply(error -> new Answer(error, !isCoordinatorElsewhere)),
            partition -> leaderEpoch);

    private void deliver(CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing> command) {
        asked.add(((Deliver<TransactionCommand, TransactionEffects, TransactionListing>) command).command());
    }

    private void arrive(TopicPartition partition, PartitionCommand command) {
        arrived.add(partition.partition() + ":" + ((Append) command).batches().get(0));
    }

    private CompletableFuture<AppendResult> append(int epoch, TopicPartition partition, int number) {
        return append(epoch, Admission.ADDED, partition, number);
    }

    private CompletableFuture<AppendResult> append(
            int epoch, Admission admission, TopicPartition partition, int number) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        appends.append(
                new TransactionalWriter("id", 7, (short) epoch, admission),
                partition,
                new Append(ByteBuffer.wrap(new byte[] {(byte) number}), Acks.ALL, reply));
        return reply;
    }

    private void answer(Errors error) {
        TransactionCommand command = asked.remove();
        if (command instanceof AddPartitions add) {
            add.reply().complete(error);
        } else if (command instanceof VerifyPartition verify) {
            verify.reply().complete(error);
        }
    }

    @Test
    void recordForAPartitionOfTheTransactionPassesAtOnce() {
        appends.open(new Ongoing(7, (short) 1, Set.of(A)));

        append(1, A, 1);

        assertThat(arrived).containsExactly("0:1");
        assertThat(asked).isEmpty();
    }

    @Test
    void firstRecordOfAPartitionWaitsAndLaterOnesKeepTheirOrder() {
        append(1, A, 1);
        append(1, A, 2);
        append(1, B, 3);
        assertThat(asked).hasSize(2);
        appends.open(new Ongoing(7, (short) 1, Set.of(A, B)));
        append(1, A, 4);
        assertThat(arrived).isEmpty();

        answer(Errors.NONE);
        append(1, A, 5);

        assertThat(arrived).containsExactly("0:1", "0:2", "0:4", "0:5");
        answer(Errors.NONE);
        assertThat(arrived).endsWith("1:3");
    }

    @Test
    void lateRecordStartsNoTransaction() {
        appends.open(new Ongoing(7, (short) 1, Set.of(A)));
        appends.close(7);

        CompletableFuture<AppendResult> late = append(1, A, 1);
        CompletableFuture<AppendResult> next = append(2, A, 2);
        answer(Errors.PRODUCER_FENCED);

        assertThatThrownBy(late::join)
                .hasRootCauseInstanceOf(
                        Errors.INVALID_PRODUCER_EPOCH.exception().getClass());
        assertThat(next).isNotDone();
        appends.open(new Ongoing(7, (short) 2, Set.of(A)));
        answer(Errors.NONE);
        assertThat(arrived).containsExactly("0:2");
    }

    /**
     * The coordinator's positive answer can arrive late: the transaction may have ended meanwhile, or a new one may
     * have started.
     */
    @ParameterizedTest
    @EnumSource(Admission.class)
    void admissionAfterTheEndPassesNoRecord(Admission admission) {
        CompletableFuture<AppendResult> ended = append(1, admission, A, 1);
        CompletableFuture<AppendResult> behind = append(1, admission, A, 2);
        appends.open(new Ongoing(7, (short) 1, Set.of(A)));
        appends.close(7);
        answer(Errors.NONE);

        CompletableFuture<AppendResult> elsewhere = append(1, admission, A, 3);
        appends.open(new Ongoing(7, (short) 1, Set.of(B)));
        answer(Errors.NONE);

        assertThat(arrived).isEmpty();
        assertThat(List.of(ended, behind, elsewhere))
                .allSatisfy(refused ->
                        assertThatThrownBy(refused::join).hasRootCauseInstanceOf(InvalidTxnStateException.class));
    }

    @ParameterizedTest
    @CsvSource({
        "ADDED, CONCURRENT_TRANSACTIONS, CONCURRENT_TRANSACTIONS",
        "VERIFIED, CONCURRENT_TRANSACTIONS, NOT_ENOUGH_REPLICAS",
        "VERIFIED, TRANSACTION_ABORTABLE, TRANSACTION_ABORTABLE",
        "VERIFIED_LONG_AGO, TRANSACTION_ABORTABLE, INVALID_TXN_STATE",
        "ADDED, COORDINATOR_LOAD_IN_PROGRESS, NOT_ENOUGH_REPLICAS",
        "ADDED, NETWORK_EXCEPTION, NOT_ENOUGH_REPLICAS",
        "ADDED, INVALID_PRODUCER_ID_MAPPING, INVALID_PRODUCER_ID_MAPPING"
    })
    void refusalIsToldInWordsOfTheClient(Admission admission, Errors error, Errors told) {
        CompletableFuture<AppendResult> refused = append(1, admission, A, 1);

        answer(error);

        assertThatThrownBy(refused::join)
                .hasRootCauseInstanceOf(told.exception().getClass());
        assertThat(arrived).isEmpty();
    }

    private void end(int markersEpoch, int transactionVersion) {
        appends.end(new Marker(A, 7, (short) markersEpoch, true, (short) transactionVersion));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 2"})
    void theAnswerOfAnotherBrokerCountsUntilTheMarker(int markersEpoch, int transactionVersion) {
        isCoordinatorElsewhere = true;
        append(1, A, 1);
        answer(Errors.NONE);
        append(1, A, 2);
        assertThat(arrived).containsExactly("0:1", "0:2");
        assertThat(asked).isEmpty();

        end(markersEpoch, transactionVersion);
        CompletableFuture<AppendResult> late = append(1, A, 3);

        assertThat(asked).hasSize(1);
        answer(Errors.PRODUCER_FENCED);
        assertThat(late).isCompletedExceptionally();
        assertThat(arrived).hasSize(2);
    }

    /** The marker of the transaction before has the epoch of this one; a repetition of it does not end this one. */
    @Test
    void aLateMarkerOfTheTransactionBeforeEndsNothing() {
        isCoordinatorElsewhere = true;
        append(2, A, 1);
        end(2, 2);
        answer(Errors.NONE);
        end(2, 2);

        append(2, A, 2);

        assertThat(arrived).containsExactly("0:1", "0:2");
    }

    @Test
    void anAnswerThatTheMarkerHasOvertakenPassesNoRecord() {
        isCoordinatorElsewhere = true;
        CompletableFuture<AppendResult> first = append(1, Admission.VERIFIED, A, 1);
        CompletableFuture<AppendResult> behind = append(1, Admission.VERIFIED, A, 2);
        end(1, 0);
        answer(Errors.NONE);

        assertThat(List.of(first, behind))
                .allSatisfy(refused ->
                        assertThatThrownBy(refused::join).hasRootCauseInstanceOf(InvalidTxnStateException.class));
        append(1, Admission.VERIFIED, A, 3);
        answer(Errors.NONE);
        assertThat(arrived).containsExactly("0:3");
    }

    @Test
    void inAnotherLeaderEpochTheCoordinatorIsAskedAgain() {
        isCoordinatorElsewhere = true;
        append(1, A, 1);
        answer(Errors.NONE);
        CompletableFuture<AppendResult> asking = append(1, B, 2);
        leaderEpoch = 5;
        appends.leadersChanged();

        append(1, A, 3);

        assertThat(asked).hasSize(2);
        answer(Errors.NONE);
        assertThatThrownBy(asking::join).hasRootCauseInstanceOf(NotLeaderOrFollowerException.class);
        answer(Errors.NONE);
        assertThat(arrived).containsExactly("0:1", "0:3");
    }

    @Test
    void aCoordinatorThatMovesHereKeepsTheGateFromThenOn() {
        isCoordinatorElsewhere = true;
        append(1, A, 1);
        answer(Errors.NONE);
        isCoordinatorElsewhere = false;
        appends.open(new Ongoing(7, (short) 1, Set.of(A)));
        append(1, A, 2);
        assertThat(arrived).containsExactly("0:1", "0:2");

        appends.close(7);
        append(1, A, 3);

        assertThat(asked).as("questions").hasSize(1);
    }
}
