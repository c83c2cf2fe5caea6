package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.network.ByteBudget.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private static final long TOTAL = 128 << 20;
    private static final long LARGE_PART = TOTAL / 4 * 3;
    private static final long SMALL = 1000;
    private static final long MIDDLE = 8 << 20;
    private static final long HUGE = 1L << 30;

    private final ByteBudget budget = new ByteBudget(TOTAL);
    private final List<String> woken = new ArrayList<>();

    @Test
    void aClaimTakesNothingUntilItGrows() {
        for (int i = 0; i < 1000; i++) {
            claim("announced");
        }

        assertThat(budget.used()).isZero();
        assertThat(budget.contended()).isFalse();
    }

    @Test
    void aGrowthTakesOnlyTheDifference() {
        Claim claim = claim("one");

        assertThat(claim.grow(SMALL, false)).isTrue();
        assertThat(claim.grow(MIDDLE, false)).isTrue();
        assertThat(claim.grow(SMALL, true)).isTrue();

        assertThat(budget.used()).isEqualTo(MIDDLE);
        claim.release();
        claim.release();
        assertThat(budget.used()).isZero();
    }

    @Test
    void releasedBytesGoToWaitingClaimsInTheirOrder() {
        List<Claim> granted = fillLargePart();
        Claim first = waiting("first", MIDDLE, false);
        Claim second = waiting("second", MIDDLE, false);

        last(granted).release();
        assertThat(woken).containsExactly("first");
        assertThat(first.isWaiting()).isFalse();
        assertThat(second.isWaiting()).isTrue();
        first.release();

        assertThat(woken).containsExactly("first", "second");
    }

    @Test
    void aWholeRequestPrecedesIncompleteOnes() {
        List<Claim> granted = fillLargePart();
        waiting("half", MIDDLE, false);
        waiting("whole", MIDDLE, true);

        last(granted).release();

        assertThat(woken).containsExactly("whole");
    }

    @Test
    void largeClaimsDoNotBlockASmallOne() {
        fillLargePart();
        waiting("huge", HUGE, true);

        for (int i = 0; i < 10_000; i++) {
            assertThat(claim("small").grow(SMALL, true)).isTrue();
        }
    }

    @Test
    void incompleteSmallRequestsDoNotBlockAWholeOne() {
        while (claim("half").grow(SMALL, false)) {
            assertThat(budget.used()).isLessThanOrEqualTo(TOTAL);
        }

        Claim whole = claim("whole");
        assertThat(whole.grow(SMALL, true)).isTrue();
        assertThat(claim("next").grow(SMALL, true)).isFalse();
        whole.release();
        assertThat(woken).containsExactly("next");
    }

    @Test
    void claimsThatHoldBytesAndWaitForMoreDoNotWaitForEachOtherForEver() {
        List<Claim> halves = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Claim half = claim("half " + i);
            assertThat(half.grow(MIDDLE, false)).isTrue();
            halves.add(half);
        }
        assertThat(budget.used()).isEqualTo(LARGE_PART);

        assertThat(halves.get(0).grow(4 * MIDDLE, true)).isTrue();
        assertThat(halves.get(1).grow(4 * MIDDLE, true)).isFalse();
        halves.get(0).release();

        assertThat(woken).containsExactly("half 1");
    }

    @Test
    void aWithdrawnClaimIsNotGranted() {
        List<Claim> granted = fillLargePart();
        Claim givenUp = waiting("given up", MIDDLE, true);
        waiting("next", MIDDLE, true);

        givenUp.release();
        givenUp.release();
        last(granted).release();

        assertThat(woken).containsExactly("next");
    }

    @Test
    void whateverTheScheduleEveryClaimIsGrantedAndEveryByteComesBack() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Claim> open = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(3) > 0) {
                Claim claim = claim("any");
                claim.grow(1L << random.nextInt(20), false);
                open.add(claim);
            } else if (!open.isEmpty()) {
                Claim claim = open.get(random.nextInt(open.size()));
                if (!claim.isWaiting()) {
                    claim.grow(1L << random.nextInt(27), true);
                }
                if (!claim.isWaiting()) {
                    open.remove(claim);
                    claim.release();
                }
            }
            assertThat(budget.used()).describedAs("seed %d", seed).isBetween(0L, TOTAL + (1L << 27));
        }
        while (!open.isEmpty()) {
            Claim next = open.stream()
                    .filter(claim -> !claim.isWaiting())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("all wait, seed " + seed));
            open.remove(next);
            next.release();
        }
        assertThat(budget.used()).describedAs("seed %d", seed).isZero();
        assertThat(budget.contended()).describedAs("seed %d", seed).isFalse();
    }

    /** Takes the whole budget; the last claim exceeds it. */
    private List<Claim> fillLargePart() {
        List<Claim> granted = new ArrayList<>();
        while (budget.used() <= LARGE_PART) {
            Claim claim = claim("granted at once");
            assertThat(claim.grow(MIDDLE, true)).isTrue();
            granted.add(claim);
        }
        return granted;
    }

    private static Claim last(List<Claim> claims) {
        return claims.get(claims.size() - 1);
    }

    private Claim waiting(String name, long bytes, boolean whole) {
        Claim claim = claim(name);
        assertThat(claim.grow(bytes, whole)).isFalse();
        assertThat(budget.contended()).isTrue();
        return claim;
    }

    private Claim claim(String name) {
        return budget.claim(() -> woken.add(name));
    }
}
