package io.aeon.storage.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.producer.ProducerStates.Snapshot;
import io.aeon.storage.producer.RefusedAppendException.Reason;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ProducerStatesTest {
    private static final long ID = 7;
    private static final int LAST_VERSION_WITHOUT_EPOCHS = 1;
    private static final int VERSION_WITH_EPOCHS = 2;

    private final ProducerStates states = new ProducerStates();
    private long nextOffset;

    @Test
    void eachOfTheLastFiveBatchesIsRecognizedAsADuplicate() {
        for (int i = 0; i < 7; i++) {
            append(0, 10 * i, 10);
        }
        for (int i = 2; i < 7; i++) {
            assertThat(states.admit(batch(0, 10 * i, 10, true, 900)))
                    .isEqualTo(new AppendedBatch(10L * i, 10L * i + 9, 1000));
        }
        assertRefused(Reason.OUT_OF_ORDER_SEQUENCE, () -> states.admit(batch(0, 10, 10, false, 900)));
    }

    @Test
    void aBatchThatOverlapsAnotherIsNotADuplicate() {
        append(0, 0, 10);
        assertRefused(Reason.OUT_OF_ORDER_SEQUENCE, () -> states.admit(batch(0, 0, 5, false, 900)));
        assertRefused(Reason.OUT_OF_ORDER_SEQUENCE, () -> states.admit(batch(0, 5, 10, false, 900)));
    }

    @Test
    void noSequenceMayBeOmitted() {
        append(0, 0, 3);
        assertRefused(Reason.OUT_OF_ORDER_SEQUENCE, () -> states.admit(batch(0, 4, 1, false, 3)));
        append(0, 3, 1);
    }

    @Test
    void afterTheLargestSequenceComesZero() {
        states.reached(1);
        append(0, Integer.MAX_VALUE - 1, 1);
        append(0, Integer.MAX_VALUE, 3);
        assertThat(states.admit(batch(0, Integer.MAX_VALUE, 3, false, 99))).isEqualTo(new AppendedBatch(1, 3, 1000));
        append(0, 2, 1);
        append(0, 3, 1);
    }

    @Test
    void inALogWithoutRecordsAProducerBeginsAtZero() {
        assertRefused(Reason.OUT_OF_ORDER_SEQUENCE, () -> states.admit(batch(3, 5, 1, false, 0)));
        append(3, 0, 5);
        append(3, 5, 1);
    }

    @Test
    void aProducerWithAnEpochForEachTransactionBeginsAtZeroInAnyLog() {
        states.reached(10);
        assertRefused(Reason.OUT_OF_ORDER_SEQUENCE, () -> states.requireKnown(batch(3, 5, 1, true, 0)));
        states.requireKnown(batch(3, 0, 1, true, 0));
        append(3, 0, 5);
        states.requireKnown(batch(3, 5, 1, true, 0));
    }

    @Test
    void anUnknownProducerMayContinueInALogWithRecords() {
        states.reached(10);
        append(3, 1234, 1);
        append(3, 1235, 1);
    }

    @Test
    void anOlderEpochIsFencedAndANewerOneBeginsAtZero() {
        append(1, 0, 5);
        assertRefused(Reason.PRODUCER_EPOCH, () -> states.admit(batch(0, 5, 1, false, 5)));
        assertRefused(Reason.OUT_OF_ORDER_SEQUENCE, () -> states.admit(batch(2, 5, 1, false, 5)));
        append(2, 0, 1);
        assertRefused(Reason.PRODUCER_EPOCH, () -> states.admit(batch(1, 0, 5, false, 6)));
    }

    @Test
    void anExpiredProducerIsUnknownUnlessItsTransactionIsOpen() {
        append(1, 0, 1);
        append(8, 0, 0, 1, true);
        states.expire(999);
        assertThat(states.size()).isEqualTo(2);
        states.expire(1000);
        assertThat(states.active()).extracting(ActiveProducer::producerId).containsExactly(8L);
        append(0, 77, 1);
    }

    @Test
    void aTransactionLimitsTheLastStableOffsetUntilItsMarkerIsBelowTheHighWatermark() {
        append(0, 0, 2);
        append(1, 0, 0, 3, true);
        append(1, 0, 3, 3, true);
        append(2, 0, 0, 1, true);
        assertThat(states.lastStableOffset(nextOffset)).isEqualTo(2);
        assertThat(states.lastStableOffset(1)).isEqualTo(1);
        end(1, 0, 5, false);
        long markerOffset = nextOffset - 1;
        assertThat(states.lastStableOffset(markerOffset)).isEqualTo(2);
        assertThat(states.lastStableOffset(nextOffset)).isEqualTo(8);
        end(2, 0, 5, true);
        assertThat(states.lastStableOffset(nextOffset)).isEqualTo(nextOffset);
    }

    @Test
    void anAbortedTransactionHasTheLastStableOffsetOfItsMarker() {
        append(1, 0, 0, 3, true);
        append(2, 0, 0, 1, true);
        append(1, 0, 3, 1, true);
        assertThat(end(2, 0, 1, true)).isEqualTo(new AbortedTransaction(2, 3, 5, 0));
        assertThat(end(1, 0, 1, true)).isEqualTo(new AbortedTransaction(1, 0, 6, 7));
    }

    @Test
    void anEmptyTransactionAbortsNothing() {
        assertThat(end(1, 0, 1, true)).isNull();
        append(1, 0, 0, 1, true);
        assertThat(end(1, 0, 1, false)).isNull();
    }

    @Test
    void aNonTransactionalBatchIsRefusedWhileATransactionIsOpen() {
        append(ID, 0, 0, 1, true);
        assertRefused(Reason.OPEN_TRANSACTION, () -> states.admit(batch(0, 1, 1, false, 1)));
        end(ID, 0, 1, false);
        append(0, 1, 1);
    }

    @Test
    void anOldCoordinatorIsFenced() {
        append(ID, 0, 0, 1, true);
        end(ID, 0, 3, false);
        append(ID, 0, 1, 1, true);
        assertRefused(
                Reason.COORDINATOR_EPOCH, () -> states.admit(marker(ID, 0, 2, true), LAST_VERSION_WITHOUT_EPOCHS));
        end(ID, 0, 3, true);
    }

    @Test
    void aMarkerOfAnOlderEpochIsFencedAndOneOfANewerEpochFences() {
        append(ID, 4, 0, 1, true);
        assertRefused(Reason.PRODUCER_EPOCH, () -> states.admit(marker(ID, 3, 2, true), LAST_VERSION_WITHOUT_EPOCHS));
        end(ID, 5, 2, true);
        assertRefused(Reason.PRODUCER_EPOCH, () -> states.admit(batch(4, 1, 1, true, 2)));
        append(ID, 5, 0, 1, true);
    }

    @Test
    void fromVersionTwoOnALateMarkerDoesNotEndTheNextTransaction() {
        append(ID, 4, 0, 1, true);
        assertRefused(Reason.PRODUCER_EPOCH, () -> states.admit(marker(ID, 4, 2, true), VERSION_WITH_EPOCHS));
        end(ID, 5, 2, true);
        states.admit(marker(ID, 5, 2, true), VERSION_WITH_EPOCHS);
        append(ID, 5, 0, 1, true);
        assertRefused(Reason.PRODUCER_EPOCH, () -> states.admit(marker(ID, 5, 2, true), VERSION_WITH_EPOCHS));
    }

    @Test
    void aCoordinatorsBatchesHaveNoSequenceButATransaction() {
        append(ID, 0, -1, 2, true);
        append(ID, 0, -1, 2, true);
        assertThat(states.lastStableOffset(nextOffset)).isZero();
        assertRefused(Reason.PRODUCER_EPOCH, () -> states.admit(new ProducerBatch(ID, (short) -1, -1, 0, 5, 5, true)));
        end(ID, 1, 0, true);
        assertThat(states.lastStableOffset(nextOffset)).isEqualTo(nextOffset);
    }

    @Test
    void aSnapshotKeepsEverything() {
        for (int i = 0; i < 9; i++) {
            append(1, i, 1);
        }
        append(1, 0, 0, 4, true);
        append(2, 0, Integer.MAX_VALUE, 4, true);
        end(2, 3, 9, true);
        append(3, 0, -1, 4, true);
        Snapshot snapshot = states.snapshot();
        ProducerStates restored = restore(snapshot);
        assertThat(sorted(restored)).isEqualTo(sorted(states));
        assertThat(restored.snapshot()).isEqualTo(snapshot);
        assertThat(restored.lastStableOffset(nextOffset)).isEqualTo(9);
        for (int i = 4; i < 9; i++) {
            assertThat(restored.admit(batch(1, i, 1, false, 50))).isEqualTo(states.admit(batch(1, i, 1, false, 50)));
        }
    }

    @Test
    void aDamagedSnapshotOrOneOfAnotherOffsetIsRefused() {
        append(0, 0, 1);
        append(0, 1, 1);
        Snapshot snapshot = states.snapshot();
        byte[] whole = snapshot.bytes().array();
        for (int length = 0; length < whole.length + 9; length++) {
            if (length != whole.length) {
                assertThat(ProducerStates.restore(ByteBuffer.wrap(java.util.Arrays.copyOf(whole, length)), 2))
                        .isNull();
            }
        }
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(ProducerStates.restore(ByteBuffer.wrap(flipped), 2)).isNull();
        }
        assertThat(ProducerStates.restore(snapshot.bytes(), 3)).isNull();
    }

    @Test
    void manyProducersAreFoundAndExpired() {
        int count = 10_000;
        for (int id = 0; id < count; id++) {
            append(id * 1000L, 0, id, 1, false);
        }
        assertThat(states.size()).isEqualTo(count);
        for (int id = 0; id < count; id++) {
            assertThat(states.admit(new ProducerBatch(id * 1000L, (short) 0, id, 0, 0, 0, false)))
                    .isEqualTo(new AppendedBatch(id, id, 1000));
        }
        states.expire(1000);
        assertThat(states.active()).isEmpty();
    }

    @Test
    void theHalfThatAppendedLongestAgoIsForgottenButNoOpenTransaction() {
        append(1, 0, 0, 1, true);
        for (int id = 2; id <= 9; id++) {
            append(id, 0, 0, 1, false);
        }
        append(2, 0, 1, 1, false);

        assertThat(states.forgetIdlest()).isEqualTo(4);

        assertThat(sorted(states)).extracting(ActiveProducer::producerId).containsExactly(1L, 2L, 7L, 8L, 9L);
        assertThat(states.size()).isEqualTo(5);
        assertThat(states.lastStableOffset(nextOffset)).isZero();
        append(2, 0, 2, 1, false);
    }

    @Test
    void aMarkerCountsAsAWriteOfItsProducerAlsoAfterARestart() {
        for (int id = 1; id <= 4; id++) {
            append(id, 0, 0, 1, false);
        }
        for (int id = 5; id <= 6; id++) {
            append(id, 0, 0, 1, true);
            end(id, 1, 0, false);
        }
        append(7, 0, 0, 1, true);
        append(8, 0, 0, 1, false);
        append(9, 0, 0, 1, false);
        end(7, 0, 0, true);
        ProducerStates restored = restore(states.snapshot());

        assertThat(states.forgetIdlest()).isEqualTo(5);
        assertThat(restored.forgetIdlest()).isEqualTo(5);

        assertThat(sorted(states)).extracting(ActiveProducer::producerId).containsExactly(6L, 7L, 8L, 9L);
        assertThat(sorted(restored)).isEqualTo(sorted(states));
    }

    private static ProducerStates restore(Snapshot snapshot) {
        ProducerStates restored = ProducerStates.restore(snapshot.bytes(), snapshot.endOffset());
        assertThat(restored).isNotNull();
        return restored;
    }

    private static List<ActiveProducer> sorted(ProducerStates states) {
        return states.active().stream()
                .sorted(Comparator.comparingLong(ActiveProducer::producerId))
                .toList();
    }

    private void append(int epoch, int sequence, int count) {
        append(ID, epoch, sequence, count, false);
    }

    private void append(long id, int epoch, int sequence, int count, boolean transactional) {
        ProducerBatch batch =
                new ProducerBatch(id, (short) epoch, sequence, count - 1, nextOffset + count - 1, 1000, transactional);
        assertThat(states.admit(batch)).isNull();
        states.appended(batch);
        nextOffset += count;
    }

    private AbortedTransaction end(long id, int epoch, int coordinatorEpoch, boolean aborts) {
        EndMarker marker = marker(id, epoch, coordinatorEpoch, aborts);
        states.admit(marker, LAST_VERSION_WITHOUT_EPOCHS);
        nextOffset++;
        return states.appended(marker).orElse(null);
    }

    private EndMarker marker(long id, int epoch, int coordinatorEpoch, boolean aborts) {
        return new EndMarker(id, (short) epoch, coordinatorEpoch, aborts, nextOffset, 2000);
    }

    private static ProducerBatch batch(int epoch, int sequence, int count, boolean transactional, long lastOffset) {
        return new ProducerBatch(ID, (short) epoch, sequence, count - 1, lastOffset, 5, transactional);
    }

    private static void assertRefused(Reason reason, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        RefusedAppendException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}
