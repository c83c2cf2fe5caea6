package io.aeon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.command.GroupCommand.ForgetTopics;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.GroupCommand.TransactionEnded;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.coordinator.group.command.OffsetFetchResult;
import io.aeon.coordinator.group.command.OffsetFetchResult.Fetched;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic's committed offsets are removed with the topic, also if a new topic has its name. */
class DeletedTopicsTest {
    private static final Uuid FIRST = new Uuid(1, 1);
    private static final Uuid SECOND = new Uuid(2, 2);

    private final GroupDriver group = new GroupDriver();

    private static TopicIdPartition partition(Uuid id) {
        return new TopicIdPartition(id, new TopicPartition("t", 0));
    }

    private CompletableFuture<OffsetCommitResult> committing(Uuid id, long offset) {
        return group.ask(reply -> new CommitOffsets(
                "", null, -1, -1, true, List.of(new OffsetToCommit(partition(id), offset, -1, null)), reply));
    }

    private Errors commit(Uuid id, long offset) {
        return committing(id, offset).join().partitions().get(0);
    }

    private CompletableFuture<OffsetCommitResult> committingInTransaction(long offset) {
        TransactionalWriter writer = new TransactionalWriter("x", 7, (short) 0, Admission.ADDED);
        return group.ask(reply -> new CommitInTransaction(
                "", null, -1, writer, List.of(new OffsetToCommit(partition(FIRST), offset, -1, null)), reply));
    }

    private Fetched fetch(Uuid id) {
        return group.<OffsetFetchResult>tell(reply -> new FetchOffsets(null, -1, List.of(partition(id)), reply))
                .offsets()
                .get(0);
    }

    @Test
    void deletionsOfSeveralTopicsAreOneCommand() {
        ForgetTopics both = new ForgetTopics(Set.of("t", "u")).and(new ForgetTopics(Set.of("u", "v")));

        assertThat(both).isEqualTo(new ForgetTopics(Set.of("t", "u", "v")));
    }

    private long byName() {
        return value(fetch(Uuid.ZERO_UUID));
    }

    private static long value(Fetched fetched) {
        return fetched.offset() == null ? -1 : fetched.offset().offset();
    }

    private List<Fetched> all() {
        return group.offsets(group.group()).offsets();
    }

    private boolean concerns(String deleted) {
        return group.group().concerns(new ForgetTopics(Set.of(deleted)), group.now());
    }

    /** The topic gets another id, or none; the group is not notified. */
    private void topicBecomes(@Nullable Uuid id) {
        group.topicIs("t", id);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void offsetIsIgnoredAsSoonAsItsTopicIsDeleted(boolean madeAgain) {
        topicBecomes(FIRST);
        commit(FIRST, 42);
        assertThat(byName()).isEqualTo(42);
        assertThat(value(fetch(FIRST))).isEqualTo(42);

        topicBecomes(madeAgain ? SECOND : null);

        assertThat(byName()).isEqualTo(-1);
        assertThat(value(fetch(FIRST))).isEqualTo(-1);
        assertThat(value(fetch(SECOND))).isEqualTo(-1);
        assertThat(all()).isEmpty();
    }

    @Test
    void deletionOfTheTopicRemovesTheOffset() {
        topicBecomes(FIRST);
        commit(FIRST, 42);
        topicBecomes(SECOND);
        assertThat(concerns("t")).isTrue();
        assertThat(concerns("u")).isFalse();

        group.step(new ForgetTopics(Set.of("t")));
        topicBecomes(FIRST);

        assertThat(byName()).isEqualTo(-1);
        assertThat(concerns("t")).isFalse();
    }

    @Test
    void offsetOfTheRecreatedTopicStays() {
        topicBecomes(SECOND);
        commit(SECOND, 2);

        group.step(new ForgetTopics(Set.of("t")));

        assertThat(byName()).isEqualTo(2);
    }

    @Test
    void missedDeletionIsAppliedAtTheStart() {
        topicBecomes(FIRST);
        commit(FIRST, 42);
        topicBecomes(SECOND);
        assertThat(group.replayed().hasWork()).isTrue();

        group.restart();

        assertThat(group.group().isVacant()).isTrue();
        assertThat(group.replayed().isVacant()).isTrue();
    }

    @Test
    void recordWithoutATopicIdIsValidWhileATopicWithItsNameExists() {
        group.log(new OffsetCommit("g", "t", 0, new CommittedOffset(5, -1, "", 1, -1, Uuid.ZERO_UUID)));
        topicBecomes(FIRST);
        group.restart();
        assertThat(byName()).isEqualTo(5);
        assertThat(value(fetch(FIRST))).isEqualTo(5);

        topicBecomes(SECOND);
        group.step(new ForgetTopics(Set.of("t")));

        assertThat(byName()).isEqualTo(-1);
        assertThat(group.replayed().isVacant()).isTrue();
    }

    @Test
    void recordWithoutATopicIdIsRemovedAtTheStartIfNoTopicHasItsName() {
        group.log(new OffsetCommit("g", "t", 0, new CommittedOffset(5, -1, "", 1, -1, Uuid.ZERO_UUID)));
        topicBecomes(null);

        group.restart();

        assertThat(group.replayed().isVacant()).isTrue();
    }

    @Test
    void commitWithTheIdOfAnotherTopicIsRefused() {
        topicBecomes(SECOND);

        assertThat(commit(FIRST, 42)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(byName()).isEqualTo(-1);
    }

    @Test
    void commitInFlightDuringTheDeletionIsRemoved() {
        topicBecomes(FIRST);
        group.holdAppends = true;
        committing(FIRST, 42);
        topicBecomes(SECOND);
        group.step(new ForgetTopics(Set.of("t")));

        group.settleAll();

        assertThat(byName()).isEqualTo(-1);
        assertThat(group.replayed().isVacant()).isTrue();
    }

    @Test
    void offsetOfTheRecreatedTopicThatIsInFlightDuringTheDeletionStays() {
        topicBecomes(FIRST);
        commit(FIRST, 1);
        topicBecomes(SECOND);
        group.holdAppends = true;
        CompletableFuture<OffsetCommitResult> commit = committing(SECOND, 2);
        group.step(new ForgetTopics(Set.of("t")));

        group.settleAll();

        assertThat(commit.join().partitions()).containsExactly(Errors.NONE);
        assertThat(value(fetch(SECOND))).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void offsetInATransactionDuringTheDeletionIsIgnored(boolean told) {
        topicBecomes(FIRST);
        committingInTransaction(9);
        topicBecomes(SECOND);
        if (told) {
            group.step(new ForgetTopics(Set.of("t")));
        }
        assertThat(fetch(SECOND).unstable()).isFalse();

        group.step(new TransactionEnded(7, true));

        assertThat(byName()).isEqualTo(-1);
        topicBecomes(FIRST);
        assertThat(byName()).isEqualTo(-1);
    }

    @Test
    void tombstoneRemovesPendingOffsetsToo() {
        topicBecomes(FIRST);
        commit(FIRST, 1);
        committingInTransaction(9);
        group.step(new GroupCommand.DeleteOffsets(List.of(new TopicPartition("t", 0)), new CompletableFuture<>()));

        group.step(new TransactionEnded(7, true));

        assertThat(byName()).isEqualTo(-1);
    }
}
