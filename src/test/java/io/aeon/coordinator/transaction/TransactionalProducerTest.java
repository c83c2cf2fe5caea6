package io.aeon.coordinator.transaction;

import static io.aeon.coordinator.transaction.ProducerDriver.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.transaction.TransactionCommand.AbortTimedOut;
import io.aeon.coordinator.transaction.TransactionCommand.AddPartitions;
import io.aeon.coordinator.transaction.TransactionCommand.Describe;
import io.aeon.coordinator.transaction.TransactionCommand.Expire;
import io.aeon.coordinator.transaction.TransactionCommand.InitProducer;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerFailed;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerWritten;
import io.aeon.coordinator.transaction.TransactionCommand.VerifyPartition;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionalProducerTest {
    private static final TopicPartition A = new TopicPartition("a", 0);
    private static final TopicPartition B = new TopicPartition("b", 0);

    private final ProducerDriver driver = new ProducerDriver();

    private static TransactionMetadata metadata(TransactionState state, int epoch, int version) {
        return new TransactionMetadata(
                7, -1, -1, (short) epoch, (short) -1, 1000, state, Set.of(), -1, 1_700_000_000_000L, (short) version);
    }

    private CompletableFuture<InitResult> initialising() {
        return driver.ask(reply -> new InitProducer(1000, null, reply));
    }

    private Errors verify(InitResult who, TopicPartition partition) {
        return driver.answer(reply -> new VerifyPartition(who.producerId(), who.producerEpoch(), partition, reply));
    }

    @Test
    void firstProducerGetsAnIdAndEpochZeroLaterOnesTheNextEpoch() {
        assertThat(driver.init()).isEqualTo(new InitResult(Errors.NONE, 100, (short) 0));
        assertThat(driver.init()).isEqualTo(new InitResult(Errors.NONE, 100, (short) 1));
        assertThat(driver.log).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 60_001})
    void timeoutOutOfBoundsIsRefused(int timeoutMs) {
        assertThat(driver.<InitResult>answer(reply -> new InitProducer(timeoutMs, null, reply))
                        .error())
                .isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT);
        assertThat(driver.producer().isVacant()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0,true", "0,false", "2,true", "2,false"})
    void transactionIsDecidedAnsweredAndThenCompletedByItsMarkers(int version, boolean commit) {
        InitResult who = driver.init();
        assertThat(driver.add(who, version, "a", "b")).isEqualTo(Errors.NONE);
        assertThat(driver.producer().ongoing())
                .contains(new Ongoing(who.producerId(), who.producerEpoch(), Set.of(A, B)));

        EndResult end = driver.end(who, version, commit);

        short epoch = (short) (version == 2 ? 1 : 0);
        assertThat(end).isEqualTo(new EndResult(Errors.NONE, 100, epoch));
        assertThat(driver.producer().ongoing()).isEmpty();
        assertThat(driver.markers)
                .containsExactlyInAnyOrder(
                        new Marker(A, 100, epoch, commit, (short) version),
                        new Marker(B, 100, epoch, commit, (short) version));
        driver.step(new MarkerWritten(A));
        assertThat(driver.state().isPrepared()).isTrue();
        driver.step(new MarkerWritten(B));
        assertThat(driver.state())
                .isEqualTo(commit ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT);
    }

    @Test
    void answersAreSentOnlyWhenTheRecordIsDurable() {
        driver.holdAppends();
        CompletableFuture<InitResult> init = initialising();
        assertThat(init).isNotDone();
        driver.store();
        assertThat(init).isDone();

        driver.holdAppends();
        CompletableFuture<Errors> add = driver.adding(init.join(), 2, "a");
        assertThat(add).isNotDone();
        assertThat(driver.producer().ongoing()).isEmpty();
        driver.store();
        assertThat(add).isCompletedWithValue(Errors.NONE);

        driver.holdAppends();
        CompletableFuture<EndResult> end = driver.ending(init.join(), 2, true);
        assertThat(end).isNotDone();
        assertThat(driver.producer().ongoing()).isEmpty();
        assertThat(driver.markers).isEmpty();
        driver.store();
        assertThat(end).isDone();
        assertThat(driver.markers).hasSize(1);
    }

    @Test
    void requestsThatAreRefusedWhileAnAppendTakesTooLongAreNotCarriedOutLater() {
        InitResult who = driver.init();
        driver.holdAppends();
        CompletableFuture<Errors> add = driver.adding(who, 2, "a");
        CompletableFuture<Errors> same = driver.adding(who, 2, "b");
        CompletableFuture<InitResult> init = initialising();
        same.complete(Errors.COORDINATOR_NOT_AVAILABLE);
        init.complete(new InitResult(Errors.COORDINATOR_NOT_AVAILABLE, -1, (short) -1));
        CompletableFuture<EndResult> end = driver.ending(who, 2, true);

        driver.store();

        assertThat(add).isCompletedWithValue(Errors.NONE);
        assertThat(end.join().error()).isEqualTo(Errors.NONE);
        assertThat(driver.markers).extracting(Marker::partition).containsExactly(A);
    }

    @Test
    void failedAppendChangesNothing() {
        InitResult who = driver.init();
        driver.holdAppends();
        CompletableFuture<Errors> add = driver.adding(who, 2, "a");
        driver.failAppend(Errors.KAFKA_STORAGE_ERROR);

        assertThat(add).isCompletedWithValue(Errors.NOT_COORDINATOR);
        assertThat(driver.state()).isEqualTo(TransactionState.EMPTY);
        assertThat(driver.add(who, 2, "a")).isEqualTo(Errors.NONE);
    }

    @Test
    void partitionsAddedDuringAnAppendShareTheNextRecord() {
        InitResult who = driver.init();
        driver.holdAppends();
        var first = driver.adding(who, 2, "a");
        var second = driver.adding(who, 2, "b");
        var third = driver.adding(who, 2, "c");
        int stored = driver.log.size();

        driver.store();

        assertThat(driver.log).hasSize(stored + 2);
        assertThat(CompletableFuture.allOf(first, second, third)).isDone();
    }

    @Test
    void requestsOfOtherProducersAreRefused() {
        InitResult zombie = driver.init();
        InitResult who = driver.init();

        assertThat(driver.add(zombie, 2, "a")).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(driver.end(zombie, 2, true).error()).isEqualTo(Errors.PRODUCER_FENCED);
        InitResult stranger = new InitResult(Errors.NONE, 5, who.producerEpoch());
        assertThat(driver.add(stranger, 2, "a")).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(driver.end(stranger, 2, true).error()).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(driver.init(5, 0).error()).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void newProducerAbortsTheOpenTransactionAndIsServedAfterItsCompletion() {
        InitResult old = driver.init();
        driver.add(old, 2, "a");

        CompletableFuture<InitResult> init = initialising();

        assertThat(init).isNotDone();
        assertThat(driver.markers).containsExactly(new Marker(A, 100, (short) 1, false, (short) 2));
        driver.writeMarkers();
        assertThat(init).isCompletedWithValue(new InitResult(Errors.NONE, 100, (short) 2));
        assertThat(driver.end(old, 2, true).error()).isEqualTo(Errors.PRODUCER_FENCED);
    }

    /** A broker asks for many producers at once. */
    @Test
    void aRequestThatMayNotWaitIsRefusedWhileMarkersAreWritten() {
        InitResult who = driver.init();
        driver.add(who, 2, "a");
        InitResult next = next(driver.end(who, 2, true));

        assertThat(driver.<Errors>answer(reply ->
                        new AddPartitions(next.producerId(), next.producerEpoch(), Set.of(B), (short) 2, false, reply)))
                .isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
    }

    @Test
    void requestsWaitForTheMarkersOfThePreviousTransactionForALimitedTime() {
        InitResult who = driver.init();
        driver.add(who, 2, "a");
        InitResult next = next(driver.end(who, 2, true));
        CompletableFuture<Errors> soon = driver.adding(next, 2, "b");
        driver.pass(ProducerDriver.PATIENCE_MS);
        assertThat(soon).isCompletedWithValue(Errors.CONCURRENT_TRANSACTIONS);

        CompletableFuture<Errors> add = driver.adding(next, 2, "b");
        driver.writeMarkers();
        assertThat(add).isCompletedWithValue(Errors.NONE);
    }

    /** A client that aborts before its first records have left tells nobody of the partitions. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void abortWithoutRecordsWaitsForTheMarkersOfThePreviousTransaction(boolean epochsAreUsedUp) {
        InitResult who = epochsAreUsedUp ? atLastEpoch() : driver.init();
        driver.add(who, 2, "a");
        InitResult next = next(driver.end(who, 2, true));

        CompletableFuture<EndResult> abort = driver.ending(next, 2, false);
        assertThat(abort).isNotDone();
        driver.writeMarkers();

        assertThat(abort).isCompletedWithValue(new EndResult(Errors.NONE, next.producerId(), (short)
                (next.producerEpoch() + 1)));
        assertThat(driver.state()).isEqualTo(TransactionState.COMPLETE_ABORT);
    }

    @Test
    void markersAreSentUntilTheyAreWritten() {
        InitResult who = driver.init();
        driver.add(who, 2, "a");
        driver.end(who, 2, true);
        for (int i = 0; i < 50; i++) {
            assertThat(driver.markers).hasSize(1);
            driver.markers.clear();
            driver.step(new MarkerFailed(A, Errors.UNKNOWN_TOPIC_OR_PARTITION));
            assertThat(driver.markers).isEmpty();
            driver.pass(1000);
        }
        driver.writeMarkers();
        assertThat(driver.state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void decisionSurvivesACrashAndItsMarkersAreSentAgain(boolean commit) {
        InitResult who = driver.init();
        driver.add(who, 2, "a", "b");
        driver.end(who, 2, commit);
        driver.step(new MarkerWritten(A));

        driver.crash();

        assertThat(driver.markers).hasSize(2).allMatch(marker -> marker.commit() == commit);
        driver.writeMarkers();
        assertThat(driver.state().isCommit()).isEqualTo(commit);
    }

    @Test
    void completionThatCannotBeStoredIsRetried() {
        InitResult who = driver.init();
        driver.add(who, 2, "a");
        driver.end(who, 2, true);
        driver.holdAppends();
        driver.writeMarkers();
        driver.failAppend(Errors.KAFKA_STORAGE_ERROR);
        assertThat(driver.state()).isEqualTo(TransactionState.PREPARE_COMMIT);

        driver.pass(1000);

        assertThat(driver.state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
    }

    @Test
    void repeatedEndGetsTheSameAnswer() {
        InitResult who = driver.init();
        driver.add(who, 2, "a");
        EndResult end = driver.end(who, 2, true);

        CompletableFuture<EndResult> again = driver.ending(who, 2, true);
        assertThat(again).isNotDone();
        driver.writeMarkers();

        assertThat(again).isCompletedWithValue(end);
        assertThat(driver.end(who, 2, true)).isEqualTo(end);
        assertThat(driver.end(who, 2, false).error()).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    @Test
    void lateEndDoesNotChangeTheNextTransaction() {
        InitResult first = driver.init();
        driver.add(first, 2, "a");
        driver.pass(ProducerDriver.TIMEOUT_MS + 1);
        driver.step(new AbortTimedOut());
        driver.writeMarkers();
        InitResult second = driver.init();
        driver.add(second, 2, "b");

        assertThat(driver.end(first, 2, true).error()).isEqualTo(Errors.PRODUCER_FENCED);

        assertThat(driver.state()).isEqualTo(TransactionState.ONGOING);
    }

    @Test
    void endOfThePreviousTransactionDoesNotChangeTheNextOne() {
        InitResult first = driver.init();
        driver.add(first, 2, "a");
        InitResult second = next(driver.end(first, 2, true));
        driver.writeMarkers();
        driver.add(second, 2, "b");

        assertThat(driver.end(first, 2, false).error()).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(driver.add(first, 2, "a")).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(driver.state()).isEqualTo(TransactionState.ONGOING);
    }

    @Test
    void repeatedEndOfAnOlderClientIsRecognizedByTheState() {
        InitResult who = driver.init();
        driver.add(who, 0, "a");
        driver.end(who, 0, true);
        driver.writeMarkers();

        assertThat(driver.end(who, 0, true).error()).isEqualTo(Errors.NONE);
        assertThat(driver.end(who, 0, false).error()).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    @Test
    void endWithoutATransactionIsAnErrorExceptForAnAbortOfANewClient() {
        InitResult who = driver.init();
        assertThat(driver.end(who, 0, false).error()).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(driver.end(who, 2, true).error()).isEqualTo(Errors.INVALID_TXN_STATE);

        assertThat(driver.end(who, 2, false)).isEqualTo(new EndResult(Errors.NONE, 100, (short) 1));
        assertThat(driver.state()).isEqualTo(TransactionState.COMPLETE_ABORT);
        assertThat(driver.markers).isEmpty();
    }

    @Test
    void producerBumpsItsOwnEpoch() {
        InitResult who = driver.init();

        InitResult bumped = driver.init(who.producerId(), who.producerEpoch());

        assertThat(bumped.producerEpoch()).isEqualTo((short) 1);
        assertThat(driver.init(who.producerId(), who.producerEpoch())).isEqualTo(bumped);
        driver.init();
        assertThat(driver.init(who.producerId(), who.producerEpoch()).error()).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void usedUpEpochsLeadToANewProducerId() {
        driver.stored(metadata(TransactionState.EMPTY, Short.MAX_VALUE - 1, 0));

        InitResult fresh = driver.init();

        assertThat(fresh).isEqualTo(new InitResult(Errors.NONE, 100, (short) 0));
        assertThat(driver.init(7, Short.MAX_VALUE - 1).error()).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void initWithTheLastEpochOfThePreviousIdCanBeRepeated() {
        driver.stored(metadata(TransactionState.EMPTY, Short.MAX_VALUE - 1, 0));

        InitResult fresh = driver.init(7, Short.MAX_VALUE - 1);

        assertThat(fresh).isEqualTo(new InitResult(Errors.NONE, 100, (short) 0));
        assertThat(driver.init(7, Short.MAX_VALUE - 1)).isEqualTo(fresh);
    }

    @Test
    void usedUpEpochsLeadToANewProducerIdAtTheEndOfATransaction() {
        driver.stored(metadata(TransactionState.EMPTY, Short.MAX_VALUE - 1, 2));
        InitResult last = new InitResult(Errors.NONE, 7, (short) (Short.MAX_VALUE - 1));
        driver.add(last, 2, "a");

        EndResult end = driver.end(last, 2, true);

        assertThat(end).isEqualTo(new EndResult(Errors.NONE, 100, (short) 0));
        assertThat(driver.markers).containsExactly(new Marker(A, 7, Short.MAX_VALUE, true, (short) 2));
        CompletableFuture<Errors> add = driver.adding(next(end), 2, "b");
        driver.writeMarkers();
        assertThat(add).isCompletedWithValue(Errors.NONE);
        assertThat(driver.end(last, 2, true).error()).isNotEqualTo(Errors.NONE);
    }

    private InitResult atLastEpoch() {
        driver.stored(metadata(TransactionState.EMPTY, Short.MAX_VALUE - 1, 2));
        return new InitResult(Errors.NONE, 7, (short) (Short.MAX_VALUE - 1));
    }

    /** The answers are those of Kafka 4.4.0's TransactionCoordinator. */
    @Test
    void endWithAnIdWhoseEpochsAreUsedUpIsARepetitionUntilTheNextTransactionBegins() {
        InitResult last = atLastEpoch();
        driver.add(last, 2, "a");
        EndResult end = driver.end(last, 2, true);
        driver.writeMarkers();
        assertThat(driver.end(last, 2, true)).isEqualTo(end);
        assertThat(driver.end(last, 2, false).error()).isEqualTo(Errors.INVALID_TXN_STATE);

        driver.add(next(end), 2, "b");

        assertThat(driver.end(last, 2, true).error()).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(driver.end(last, 2, false).error()).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(driver.state()).isEqualTo(TransactionState.ONGOING);
    }

    @Test
    void usedUpEpochsLeadToANewProducerIdAtATransactionTimeout() {
        InitResult last = atLastEpoch();
        driver.add(last, 2, "a");
        driver.pass(ProducerDriver.TIMEOUT_MS + 1);
        driver.step(new AbortTimedOut());
        driver.step(new AbortTimedOut());
        assertThat(driver.markers).containsExactly(new Marker(A, 7, Short.MAX_VALUE, false, (short) 2));
        driver.writeMarkers();

        assertThat(driver.end(last, 2, true).error()).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(driver.end(last, 2, false)).isEqualTo(new EndResult(Errors.NONE, 100, (short) 0));
    }

    @Test
    void usedUpEpochsLeadToANewProducerIdWhenAProducerStartsMeanwhile() {
        InitResult last = atLastEpoch();
        driver.add(last, 2, "a");

        CompletableFuture<InitResult> fresh = initialising();
        driver.writeMarkers();

        assertThat(fresh).isCompletedWithValue(new InitResult(Errors.NONE, 100, (short) 1));
        assertThat(driver.end(last, 2, true).error()).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void endAfterTheTimeoutGetsTheStateOfTheTransaction() {
        InitResult who = driver.init();
        driver.add(who, 2, "a");
        driver.pass(ProducerDriver.TIMEOUT_MS + 1);
        driver.step(new AbortTimedOut());
        assertThat(driver.end(who, 2, true).error()).isEqualTo(Errors.INVALID_TXN_STATE);
        driver.writeMarkers();

        assertThat(driver.end(who, 2, true).error()).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(driver.end(who, 2, false)).isEqualTo(new EndResult(Errors.NONE, 100, (short) 1));
        assertThat(driver.end(who, 0, false).error()).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void partitionIsVerified() {
        InitResult who = driver.init();
        driver.add(who, 0, "a");

        assertThat(verify(who, A)).isEqualTo(Errors.NONE);
        assertThat(verify(who, B)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
        driver.end(who, 0, true);
        assertThat(verify(who, A)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        driver.writeMarkers();
        assertThat(verify(who, A)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
    }

    @Test
    void transactionPastItsTimeoutIsAborted() {
        InitResult who = driver.init();
        driver.add(who, 2, "a");
        driver.pass(ProducerDriver.TIMEOUT_MS);
        driver.step(new AbortTimedOut());
        assertThat(driver.state()).isEqualTo(TransactionState.ONGOING);

        driver.pass(1);
        driver.step(new AbortTimedOut());
        driver.writeMarkers();

        assertThat(driver.state()).isEqualTo(TransactionState.COMPLETE_ABORT);
        assertThat(driver.add(who, 2, "a")).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(driver.init(who.producerId(), who.producerEpoch()))
                .as("the same producer goes on, if no other has begun")
                .isEqualTo(new InitResult(Errors.NONE, 100, (short) 1));
    }

    @Test
    void unusedIdExpiresUnlessItsTransactionIsOpen() {
        InitResult who = driver.init();
        driver.add(who, 2, "a");
        driver.pass(100_000);
        driver.step(new Expire());
        assertThat(driver.state()).isEqualTo(TransactionState.ONGOING);

        driver.end(who, 2, true);
        driver.writeMarkers();
        driver.step(new Expire());
        assertThat(driver.producer().isVacant()).isFalse();
        driver.pass(100_000);
        assertThat(driver.producer().concerns(new Expire(), driver.now())).isTrue();
        driver.step(new Expire());

        assertThat(driver.producer().isVacant()).isTrue();
        driver.crash();
        assertThat(driver.producer().isVacant()).isTrue();
    }

    @Test
    void describesTheDurableState() {
        assertThat(driver.<DescribeResult>answer(Describe::new).error()).isEqualTo(Errors.TRANSACTIONAL_ID_NOT_FOUND);
        InitResult who = driver.init();
        driver.add(who, 2, "a");

        DescribeResult told = driver.answer(Describe::new);

        assertThat(told.transaction().partitions()).containsExactly(A);
        assertThat(told.transaction().startMs()).isEqualTo(1_700_000_000_000L);
    }
}
