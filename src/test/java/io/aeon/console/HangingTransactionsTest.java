package io.aeon.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HangingTransactionsTest {
    private static final long LONGEST_MS = 900_000;
    private static final TopicPartition PARTITION = new TopicPartition("orders", 1);

    @Test
    void onlyAnOpenTransactionThatIsOlderThanAnyMayBeIsLookedFor() {
        assertThat(isOpenTooLong(OptionalLong.of(7), 1_000_000)).isTrue();
        assertThat(isOpenTooLong(OptionalLong.of(7), 901_000)).isFalse();
        assertThat(isOpenTooLong(OptionalLong.empty(), 1_000_000)).isFalse();
    }

    private static boolean isOpenTooLong(OptionalLong openFrom, long now) {
        ProducerState producer = new ProducerState(5, 0, 3, 1_000, OptionalInt.empty(), openFrom);
        return HangingTransactions.isOpenTooLong(producer, now, LONGEST_MS);
    }

    @Test
    void aTransactionHangsWhereItsCoordinatorWillWriteNoMarker() {
        assertThat(HangingTransactions.isIn(PARTITION, known(Set.of(PARTITION))))
                .isTrue();
        assertThat(HangingTransactions.isIn(PARTITION, known(Set.of(new TopicPartition("orders", 2)))))
                .isFalse();
        assertThat(HangingTransactions.isIn(PARTITION, null)).isFalse();
    }

    private static TransactionDescription known(Set<TopicPartition> partitions) {
        return new TransactionDescription(
                1, TransactionState.ONGOING, 5, 0, 60_000, OptionalLong.of(1_000), partitions);
    }
}
