package io.aeon.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class HighWatermarkTest {
    private static final int STEPS = 2000;
    private static final InSyncRules NOBODY_JOINS = new InSyncRules(() -> 0, 0, broker -> OptionalLong.empty());

    private final AtomicLong published = new AtomicLong();
    private HighWatermark highWatermark = new HighWatermark(published, 10);
    private LeaderState leader = new LeaderState(0, 0, 0, 0, NOBODY_JOINS);
    private int partitionEpoch;

    @Test
    void theHighWatermarkOfASoleReplicaIsItsOwnEnd() {
        lead(1, Set.of(), Set.of(), 2);
        assertThat(highWatermark.value()).isEqualTo(10);

        highWatermark.ownEnd(12);

        assertThat(published).hasValue(12);
    }

    @Test
    void withOthersInSyncItIsNotTheOwnEnd() {
        published.set(4);
        highWatermark = new HighWatermark(published, 10);

        lead(1, Set.of(2, 3), Set.of(2), 1);
        assertThat(highWatermark.value()).isEqualTo(4);

        otherEnd(2, 7);
        otherEnd(3, 1);

        assertThat(highWatermark.value()).isEqualTo(7);
    }

    @Test
    void aFollowerLacksWhatItsLeaderHasCommittedBeyondItsEnd() {
        assertThat(highWatermark.lag()).as("before the leader has answered").isZero();
        highWatermark.leaderSays(25);
        assertThat(highWatermark.lag()).isEqualTo(15);

        highWatermark.ownEnd(30);
        assertThat(highWatermark.lag()).isZero();

        highWatermark.leaderSays(40);
        lead(1, Set.of(2), Set.of(2), 1);
        assertThat(highWatermark.lag()).as("of a leader").isZero();

        highWatermark.follow();
        assertThat(highWatermark.lag()).as("behind another leader").isZero();
    }

    @Test
    void itDoesNotAdvanceBelowMinInSyncReplicas() {
        lead(1, Set.of(2, 3), Set.of(2), 3);
        otherEnd(2, 10);
        otherEnd(3, 8);
        assertThat(highWatermark.value()).isZero();

        update(Set.of(2, 3), Set.of(2, 3), 3);

        assertThat(highWatermark.value()).isEqualTo(8);
    }

    @Test
    void theEndsOfOthersAreForgottenInANewEpoch() {
        lead(1, Set.of(2), Set.of(2), 1);
        otherEnd(2, 6);

        lead(2, Set.of(2), Set.of(2), 1);
        highWatermark.ownEnd(20);
        assertThat(highWatermark.value()).isEqualTo(6);

        otherEnd(2, 15);
        assertThat(highWatermark.value()).isEqualTo(15);
    }

    @Test
    void aFollowerTakesItFromTheLeaderUpToItsOwnEnd() {
        highWatermark.follow();
        assertThat(highWatermark.value()).isZero();

        highWatermark.leaderSays(15);
        assertThat(highWatermark.value()).isEqualTo(10);

        highWatermark.ownEnd(20);
        assertThat(highWatermark.value()).isEqualTo(15);
    }

    @Test
    void itFallsWithATruncation() {
        lead(1, Set.of(), Set.of(), 1);
        highWatermark.follow();

        highWatermark.endsAt(7);
        assertThat(highWatermark.value()).isEqualTo(7);

        highWatermark.ownEnd(9);
        assertThat(highWatermark.value()).isEqualTo(7);
    }

    /**
     * Every replica that may become the leader has all visible records, and every record that all replicas have is
     * visible.
     */
    @RepeatedTest(20)
    void aRandomScheduleLosesNoVisibleRecord() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<Integer> others = Set.of(2, 3, 4);
        int minInSync = 1 + random.nextInt(4);
        published.set(0);
        highWatermark = new HighWatermark(published, 0);
        Map<Integer, Long> ends = new HashMap<>();
        others.forEach(each -> ends.put(each, 0L));
        Set<Integer> inSync = new HashSet<>(others);
        long own = 0;
        lead(1, others, Set.copyOf(inSync), minInSync);
        for (Integer other : others) {
            otherEnd(other, 0);
        }
        for (int step = 0; step < STEPS; step++) {
            int broker = List.of(2, 3, 4).get(random.nextInt(3));
            switch (random.nextInt(4)) {
                case 0 -> highWatermark.ownEnd(own += random.nextInt(5));
                case 1, 2 -> {
                    ends.put(broker, ends.get(broker) + random.nextInt((int) (own - ends.get(broker)) + 1));
                    otherEnd(broker, ends.get(broker));
                }
                default -> {
                    if (inSync.contains(broker)) {
                        inSync.remove(broker);
                    } else if (ends.get(broker) >= highWatermark.value()) {
                        inSync.add(broker);
                    }
                    update(others, Set.copyOf(inSync), minInSync);
                }
            }
            long seen = highWatermark.value();
            String when = "seed " + seed + ", step " + step;
            assertThat(own).as(when).isGreaterThanOrEqualTo(seen);
            inSync.forEach(each -> assertThat(ends.get(each)).as(when).isGreaterThanOrEqualTo(seen));
            long least =
                    Math.min(own, inSync.stream().mapToLong(ends::get).min().orElse(Long.MAX_VALUE));
            if (inSync.size() + 1 >= minInSync) {
                assertThat(seen).as(when).isEqualTo(least);
            }
        }
    }

    private void lead(int epoch, Set<Integer> others, Set<Integer> inSync, int minInSync) {
        leader = new LeaderState(epoch, 0, 0, 0, NOBODY_JOINS);
        update(others, inSync, minInSync);
    }

    private void update(Set<Integer> others, Set<Integer> inSync, int minInSync) {
        leader.update(++partitionEpoch, others, inSync, minInSync);
        highWatermark.lead(leader);
    }

    private void otherEnd(int broker, long end) {
        leader.fetched(broker, IsrChange.UNKNOWN_EPOCH, end, 0, 1000);
        highWatermark.rise();
    }
}
