package io.aeon.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LeaderStateTest {
    private static final int EPOCH = 7;
    private static final long START = 100;
    private static final long LAG = 30_000;

    private final Map<Integer, Long> inService = new HashMap<>(Map.of(2, 20L, 3, 30L));
    private long now = 1_000_000;
    private final LeaderState leader =
            new LeaderState(EPOCH, 0, START, LeaderState.NONE, new InSyncRules(() -> now, LAG, this::brokerEpoch));

    private OptionalLong brokerEpoch(int broker) {
        return inService.containsKey(broker) ? OptionalLong.of(inService.get(broker)) : OptionalLong.empty();
    }

    @Test
    void aFollowerThatHasEverythingJoinsTheIsr() {
        leader.update(1, Set.of(2, 3), Set.of(2), 1);
        leader.fetched(2, 20, 105, 0, 105);
        leader.fetched(3, 30, 105, 0, 105);

        assertThat(leader.propose(105, 105)).contains(new IsrChange(EPOCH, 1, Map.of(2, 20L, 3, 30L)));
        assertThat(leader.propose(105, 105)).isEmpty();
    }

    @Test
    void aFollowerBelowTheHighWatermarkOrTheStartOfTheEpochDoesNotJoin() {
        leader.update(1, Set.of(2, 3), Set.of(2), 1);
        leader.fetched(3, 30, START - 1, 0, 105);
        assertThat(leader.propose(105, 90)).isEmpty();

        leader.fetched(3, 30, 104, 0, 110);
        assertThat(leader.propose(110, 105)).isEmpty();

        leader.fetched(3, 30, 110, 0, 110);
        assertThat(leader.propose(110, 105)).isPresent();
    }

    @Test
    void aFollowerThatWasNeverCaughtUpDoesNotJoinWhileTheHighWatermarkRests() {
        leader.update(1, Set.of(2, 3), Set.of(), 3);
        leader.fetched(2, 20, 103, 0, 110);
        assertThat(leader.propose(110, 100)).isEmpty();

        leader.fetched(2, 20, 110, 0, 115);

        assertThat(leader.propose(115, 100)).contains(new IsrChange(EPOCH, 1, Map.of(2, 20L)));
    }

    @Test
    void aConsumerReadsFromTheInSyncFollowerWithTheMostRecords() {
        leader.update(1, Set.of(2, 3, 4), Set.of(2, 3), 1);
        leader.fetched(2, 20, 110, 0, 110);
        leader.fetched(3, 30, 108, 50, 110);
        leader.fetched(4, IsrChange.UNKNOWN_EPOCH, 110, 0, 110);

        assertThat(leader.mostCaughtUp(Set.of(2, 3, 4), 105)).contains(2);
        assertThat(leader.mostCaughtUp(Set.of(3, 4), 105)).contains(3);
        assertThat(leader.mostCaughtUp(Set.of(3), 108)).as("at its end").contains(3);
        assertThat(leader.mostCaughtUp(Set.of(3), 109)).as("beyond its end").isEmpty();
        assertThat(leader.mostCaughtUp(Set.of(3), 49)).as("below its start").isEmpty();
        assertThat(leader.mostCaughtUp(Set.of(4, 5), 105)).as("not in sync").isEmpty();
        now += 10;
        leader.fetched(3, 30, 110, 50, 110);
        assertThat(leader.mostCaughtUp(Set.of(2, 3), 105)).as("caught up later").contains(3);
    }

    @Test
    void recordsAreDeletedForGoodWhenAllInSyncReplicasHaveDeletedThem() {
        leader.update(1, Set.of(2, 3), Set.of(2), 1);
        assertThat(leader.deletedEnd(50)).isZero();
        leader.fetched(2, 20, 110, 10, 110);
        leader.fetched(3, 30, 105, 5, 110);
        assertThat(leader.deletedEnd(50)).isEqualTo(10);

        leader.fetched(2, 20, 110, 60, 110);

        assertThat(leader.deletedEnd(50)).isEqualTo(50);
        assertThat(leader.propose(110, 105)).isEmpty();
        leader.fetched(3, 30, 110, 50, 110);
        assertThat(leader.propose(110, 105)).isPresent();
    }

    @Test
    void aFollowerWithRecordsThatWereDeletedBeforeThisEpochDoesNotJoin() {
        LeaderState later =
                new LeaderState(EPOCH, 40, START, LeaderState.NONE, new InSyncRules(() -> now, LAG, this::brokerEpoch));
        later.update(1, Set.of(2), Set.of(), 1);
        later.fetched(2, 20, 105, 39, 105);
        assertThat(later.propose(105, 105)).isEmpty();

        later.fetched(2, 20, 105, 40, 105);

        assertThat(later.propose(105, 105)).isPresent();
    }

    @Test
    void aBrokerOutOfServiceOrOfAFormerLifeDoesNotJoin() {
        leader.update(1, Set.of(2, 3), Set.of(2), 1);
        inService.remove(3);
        leader.fetched(3, 30, 105, 0, 105);
        assertThat(leader.propose(105, 105)).isEmpty();

        inService.put(3, 31L);
        assertThat(leader.propose(105, 105)).isEmpty();
        assertThatThrownBy(() -> leader.fetched(3, 30, 105, 0, 105)).isInstanceOf(NotLeaderOrFollowerException.class);

        leader.fetched(3, 31, 105, 0, 105);
        assertThat(leader.propose(105, 105)).isPresent();
    }

    @Test
    void onlyReplicasMayFetch() {
        leader.update(1, Set.of(2), Set.of(2), 1);

        assertThatThrownBy(() -> leader.fetched(3, 30, 105, 0, 105)).isInstanceOf(UnknownLeaderEpochException.class);
    }

    @Test
    void aFollowerWithAllRecordsIsCaughtUpUntilTheNextAppend() {
        leader.update(1, Set.of(2, 3), Set.of(2, 3), 1);
        leader.fetched(2, 20, 105, 0, 105);
        leader.fetched(3, 30, 104, 0, 105);
        now += 10 * LAG;

        leader.appended(105);

        assertThat(leader.propose(106, 104)).contains(new IsrChange(EPOCH, 1, Map.of(2, 20L)));
    }

    @Test
    void aMemberOfTheIsrHasAllCommittedRecordsBeforeItFetches() {
        LeaderState later = new LeaderState(EPOCH, 0, 105, 105, new InSyncRules(() -> now, LAG, this::brokerEpoch));
        later.update(1, Set.of(2), Set.of(2), 1);
        now += 10 * LAG;
        assertThat(later.propose(105, 105)).isEmpty();

        later.appended(105);
        now += LAG + 1;

        assertThat(later.propose(106, 105)).contains(new IsrChange(EPOCH, 1, Map.of()));
    }

    @Test
    void aFollowerThatIsNotCaughtUpInTimeLeavesTheIsr() {
        leader.update(1, Set.of(2, 3), Set.of(2, 3), 1);
        leader.fetched(2, 20, 105, 0, 105);
        leader.fetched(3, 30, 105, 0, 105);
        now += LAG;
        leader.fetched(3, 30, 110, 0, 110);
        assertThat(leader.propose(110, 105)).isEmpty();

        now++;

        assertThat(leader.propose(110, 105)).contains(new IsrChange(EPOCH, 1, Map.of(3, 30L)));
    }

    @Test
    void aMemberThatHasLostRecordsLeavesTheIsrAtOnce() {
        leader.update(1, Set.of(2, 3), Set.of(2, 3), 1);
        leader.fetched(2, 20, 110, 0, 110);
        leader.fetched(3, 30, 110, 0, 110);
        assertThat(leader.propose(110, 110)).isEmpty();

        leader.fetched(3, 30, 0, 0, 110);

        assertThat(leader.propose(110, 110)).contains(new IsrChange(EPOCH, 1, Map.of(2, 20L)));
    }

    @Test
    void aFollowerThatHasEverythingStaysInTheIsrWithoutFetching() {
        leader.update(1, Set.of(2), Set.of(2), 1);
        leader.fetched(2, 20, 105, 0, 105);
        now += 10 * LAG;

        assertThat(leader.propose(105, 105)).isEmpty();
    }

    @Test
    void aFollowerOneFetchBehindUnderLoadIsCaughtUp() {
        leader.update(1, Set.of(2), Set.of(2), 1);
        leader.fetched(2, 20, 100, 0, 110);
        for (long end = 110; end < 200; end += 10) {
            now += LAG;
            leader.fetched(2, 20, end, 0, end + 10);
            assertThat(leader.propose(end + 10, 100)).isEmpty();
        }
    }

    @Test
    void aMemberThatNeverFetchesLeavesTheIsr() {
        leader.update(1, Set.of(2), Set.of(2), 1);
        now += LAG + 1;

        assertThat(leader.propose(START, 0)).contains(new IsrChange(EPOCH, 1, Map.of()));
    }

    @Test
    void aProposedMemberCountsAndOneProposedToLeaveStillCounts() {
        leader.update(1, Set.of(2, 3), Set.of(2), 1);
        leader.fetched(2, 20, 110, 0, 110);
        leader.fetched(3, 30, 110, 0, 110);
        assertThat(leader.propose(110, 110)).isPresent();
        now += LAG + 1;
        leader.fetched(2, 20, 120, 0, 120);
        assertThat(leader.committedEnd(120)).isEqualTo(110);

        leader.update(2, Set.of(2, 3), Set.of(2, 3), 1);
        assertThat(leader.propose(120, 110)).contains(new IsrChange(EPOCH, 2, Map.of(2, 20L)));
        assertThat(leader.committedEnd(120)).isEqualTo(110);

        leader.update(3, Set.of(2, 3), Set.of(2), 1);
        assertThat(leader.committedEnd(120)).isEqualTo(120);
    }

    @Test
    void theHighWatermarkWaitsForAFollowerThatIsAboutToJoin() {
        leader.update(1, Set.of(2, 3), Set.of(2), 1);
        leader.fetched(2, 20, 120, 0, 120);
        leader.fetched(3, 30, 120, 0, 120);
        leader.fetched(2, 20, 130, 0, 130);
        assertThat(leader.committedEnd(130)).isEqualTo(120);

        now += LAG + 1;

        assertThat(leader.committedEnd(130)).isEqualTo(130);
    }

    @Test
    void withoutMinInSyncReplicasNothingIsCommitted() {
        leader.update(1, Set.of(2, 3), Set.of(2), 3);
        leader.fetched(2, 20, 110, 0, 110);

        assertThat(leader.hasMinInSync()).isFalse();
        assertThat(leader.committedEnd(110)).isEqualTo(LeaderState.NONE);

        leader.update(1, Set.of(2, 3), Set.of(2), 2);
        assertThat(leader.committedEnd(110)).isEqualTo(110);
    }

    @Test
    void moreInSyncReplicasThanReplicasAreNotNeeded() {
        leader.update(1, Set.of(2), Set.of(2), 3);

        assertThat(leader.hasMinInSync()).isTrue();
    }

    @Test
    void anAcceptedChangeCounts() {
        IsrChange change = proposal();

        leader.isr().accepted(change, 2, Set.of(2, 3));

        assertThat(leader.committedEnd(120)).isEqualTo(110);
        assertThat(leader.propose(110, 110)).isEmpty();
    }

    @Test
    void aRefusalThatProvesThatNothingChangedEndsTheProposal() {
        IsrChange change = proposal();
        inService.remove(3);

        assertThat(leader.isr().refused(change, Errors.INELIGIBLE_REPLICA)).isFalse();

        assertThat(leader.committedEnd(120)).isEqualTo(120);
        inService.put(3, 30L);
        assertThat(leader.propose(110, 110)).contains(change);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {
                "FENCED_LEADER_EPOCH",
                "INVALID_UPDATE_VERSION",
                "UNKNOWN_TOPIC_ID",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "INVALID_REQUEST",
                "NEW_LEADER_ELECTED"
            })
    void anAnswerToOldMetadataLetsTheProposalWaitForNewer(Errors error) {
        IsrChange change = proposal();

        assertThat(leader.isr().refused(change, error)).isFalse();
        assertThat(leader.committedEnd(120)).isEqualTo(110);
        assertThat(leader.propose(110, 110)).isEmpty();

        leader.update(2, Set.of(2, 3), Set.of(2), 1);
        assertThat(leader.propose(110, 110)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {"REQUEST_TIMED_OUT", "NOT_CONTROLLER", "STALE_BROKER_EPOCH", "UNKNOWN_SERVER_ERROR"})
    void aRequestWhoseOutcomeIsUnknownIsSentAgain(Errors error) {
        IsrChange change = proposal();

        assertThat(leader.isr().refused(change, error)).isTrue();

        assertThat(leader.committedEnd(120)).isEqualTo(110);
    }

    @Test
    void metadataThatTheLeaderHasAlreadyDoesNotEndTheProposal() {
        proposal();

        leader.update(1, Set.of(2, 3), Set.of(2), 1);

        assertThat(leader.committedEnd(120)).isEqualTo(110);
    }

    @Test
    void answersToASettledProposalAreIgnored() {
        IsrChange change = proposal();
        leader.update(5, Set.of(2, 3), Set.of(2), 1);
        Optional<IsrChange> next = leader.propose(110, 110);
        assertThat(next).isPresent();

        leader.isr().accepted(change, 5, Set.of(2));
        assertThat(leader.isr().refused(change, Errors.REQUEST_TIMED_OUT)).isFalse();
        assertThat(leader.isr().refused(change, Errors.INELIGIBLE_REPLICA)).isFalse();

        assertThat(leader.committedEnd(120)).isEqualTo(110);
    }

    /** Broker 3 is about to join, and does not count but as proposed. */
    private IsrChange proposal() {
        leader.update(1, Set.of(2, 3), Set.of(2), 1);
        leader.fetched(2, 20, 110, 0, 110);
        leader.fetched(3, 30, 110, 0, 110);
        IsrChange change = leader.propose(110, 110).orElseThrow();
        now += LAG + 1;
        leader.fetched(2, 20, 120, 0, 120);
        return change;
    }
}
