package io.aeon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.group.command.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.command.GroupCommand.Delete;
import io.aeon.coordinator.group.command.GroupCommand.ExpireOffsets;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.GroupCommand.TransactionEnded;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.coordinator.group.command.OffsetFetchResult;
import io.aeon.coordinator.group.command.OffsetFetchResult.Fetched;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class OffsetsInTransactionsTest {
    private static final long PRODUCER = 7;

    private final GroupDriver group = new GroupDriver();

    private Errors commit(long producerId, String memberId, int generation, String topic, long offset) {
        OffsetCommitResult result = group.tell(reply -> new CommitInTransaction(
                memberId,
                null,
                generation,
                new TransactionalWriter("id", producerId, (short) 0, Admission.ADDED),
                List.of(new OffsetToCommit(GroupDriver.partition(topic), offset, -1, null)),
                reply));
        return result.error();
    }

    private Errors commit(long offset) {
        return commit(PRODUCER, "", -1, "t", offset);
    }

    private Fetched fetch(String topic) {
        OffsetFetchResult result =
                group.tell(reply -> new FetchOffsets(null, -1, List.of(GroupDriver.partition(topic)), reply));
        return result.offsets().get(0);
    }

    @Test
    void offsetIsVisibleWhenTheTransactionIsCommitted() {
        group.commit("", null, -1, "t", 1);

        assertThat(commit(5)).isEqualTo(Errors.NONE);
        assertThat(group.committed("t")).isEqualTo(1);
        assertThat(fetch("t").unstable()).isTrue();
        assertThat(group.group().pendingProducers()).containsExactly(PRODUCER);

        group.step(new TransactionEnded(PRODUCER, true));
        assertThat(group.committed("t")).isEqualTo(5);
        assertThat(fetch("t").unstable()).isFalse();
        assertThat(group.group().pendingProducers()).isEmpty();
    }

    @Test
    void aGroupIsNotIdleUntilTheTransactionEnds() {
        commit(5);
        assertThat(group.group().isIdle()).isFalse();
        assertThat(group.replayed().hasWork()).isTrue();

        group.step(new TransactionEnded(PRODUCER, true));

        assertThat(group.group().isIdle()).isTrue();
        assertThat(group.replayed().hasWork()).isFalse();
    }

    @Test
    void offsetIsDroppedWhenTheTransactionIsAborted() {
        commit(5);
        group.step(new TransactionEnded(PRODUCER, false));

        assertThat(group.committed("t")).isEqualTo(-1);
        assertThat(fetch("t").unstable()).isFalse();
    }

    @Test
    void endOfAnotherTransactionChangesNothing() {
        commit(5);
        group.step(new TransactionEnded(PRODUCER + 1, true));

        assertThat(fetch("t").unstable()).isTrue();
    }

    @Test
    void laterCommitOutsideOfTheTransactionIsKept() {
        commit(5);
        group.commit("", null, -1, "t", 9);
        group.step(new TransactionEnded(PRODUCER, true));

        assertThat(group.committed("t")).isEqualTo(9);
    }

    @Test
    void membersAreCheckedAndAnonymousProducersAreNot() {
        Pair pair = Pair.stable(group);
        String member = pair.follower().memberId();

        assertThat(commit(PRODUCER, member, 1, "t", 5)).isEqualTo(Errors.NONE);
        assertThat(commit(PRODUCER, member, 0, "t", 5)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(commit(PRODUCER, "who", 1, "t", 5)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(commit(PRODUCER, "", -1, "t", 6)).isEqualTo(Errors.NONE);
    }

    @Test
    void generationOfAMissingGroupIsRefused() {
        assertThat(commit(PRODUCER, "m", 3, "t", 5)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(group.group().isVacant()).isTrue();
    }

    @Test
    void offsetWithAnOpenTransactionDoesNotExpire() {
        group.commit("", null, -1, "t", 1);
        commit(5);
        group.advance(1_000_000_000_000L);
        group.step(new ExpireOffsets());
        assertThat(group.committed("t")).isEqualTo(1);

        group.step(new TransactionEnded(PRODUCER, false));
        group.step(new ExpireOffsets());
        assertThat(group.group().isVacant()).isTrue();
    }

    @Test
    void deletedGroupLosesItsPendingOffsets() {
        commit(5);

        assertThat(group.<Errors>tell(Delete::new)).isEqualTo(Errors.NONE);
        group.step(new TransactionEnded(PRODUCER, true));

        assertThat(group.committed("t")).isEqualTo(-1);
        assertThat(group.group().isVacant()).isTrue();
    }
}
