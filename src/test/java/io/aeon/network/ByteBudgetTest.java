package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.network.ByteBudget.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private static final long TOTAL = 128 << 20;
    private static final long LARGE_PART = TOTAL / 2;
    private static final long SMALL = 1000;
    private static final long MEDIUM = 500 << 10;
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
        Named claim = claim("one");

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
        List<Named> granted = fillLargePart();
        Named first = waiting("first", MIDDLE, false);
        Named second = waiting("second", MIDDLE, false);

        last(granted).release();
        assertThat(woken).containsExactly("first");
        assertThat(first.isWaiting()).isFalse();
        assertThat(second.isWaiting()).isTrue();
        first.release();

        assertThat(woken).containsExactly("first", "second");
    }

    @Test
    void aWholeRequestPrecedesIncompleteOnes() {
        List<Named> granted = fillLargePart();
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

        Named whole = claim("whole");
        assertThat(whole.grow(SMALL, true)).isTrue();
        assertThat(claim("next").grow(SMALL, true)).isFalse();
        whole.release();
        assertThat(woken).containsExactly("next");
    }

    @Test
    void claimsThatHoldBytesAndWaitForMoreDoNotWaitForEachOtherForEver() {
        List<Named> halves = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Named half = claim("half " + i);
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
    void theClaimThatExceedsItsPartWaitsForNoOther() {
        List<Named> granted = fillLargePart();
        waiting("incomplete", MIDDLE, false);
        waiting("whole", MIDDLE, true);

        assertThat(last(granted).grow(HUGE, false)).isTrue();
        assertThat(last(granted).grow(2 * HUGE, true)).isTrue();
        granted.forEach(Named::release);

        assertThat(woken).containsExactly("whole", "incomplete");
    }

    @Test
    void aClaimThatHasShrunkLetsAnotherOneExceedThePart() {
        Named shrinks = claim("shrinks");
        assertThat(shrinks.grow(HUGE, true)).isTrue();
        waiting("huge", HUGE, true);

        shrinks.claim().shrink(MIDDLE);

        assertThat(woken).containsExactly("huge");
    }

    @Test
    void aClaimThatWillBeLargeTakesNothingFromSmallOnes() {
        for (int i = 0; i < 10_000; i++) {
            budget.claim(HUGE).grow(SMALL * 60, false, () -> {});
        }

        for (int i = 0; i < 1000; i++) {
            assertThat(claim("small").grow(SMALL, false)).isTrue();
            assertThat(budget.claim(MEDIUM).grow(SMALL, false, () -> {})).isTrue();
        }
    }

    @Test
    void whoeverWaitsFirstIsReported() {
        List<String> reports = new ArrayList<>();
        budget.whenContended(() -> reports.add("contended"));
        List<Named> granted = fillLargePart();
        assertThat(reports).isEmpty();

        waiting("first", MIDDLE, false);
        waiting("second", MIDDLE, false);
        assertThat(reports).hasSize(1);
        granted.forEach(Named::release);
        fillLargePart();
        waiting("third", MIDDLE, false);

        assertThat(reports).hasSize(2);
    }

    @Test
    void aWithdrawnClaimIsNotGranted() {
        List<Named> granted = fillLargePart();
        Named givenUp = waiting("given up", MIDDLE, true);
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
        List<Named> open = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(3) > 0) {
                Named claim = claim("any");
                claim.grow(1L << random.nextInt(20), false);
                open.add(claim);
            } else if (!open.isEmpty()) {
                Named claim = open.get(random.nextInt(open.size()));
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
            Named next = open.stream()
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
    private List<Named> fillLargePart() {
        List<Named> granted = new ArrayList<>();
        while (budget.used() <= LARGE_PART) {
            Named claim = claim("granted at once");
            assertThat(claim.grow(MIDDLE, true)).isTrue();
            granted.add(claim);
        }
        return granted;
    }

    private static Named last(List<Named> claims) {
        return claims.get(claims.size() - 1);
    }

    private Named waiting(String name, long bytes, boolean whole) {
        Named claim = claim(name);
        assertThat(claim.grow(bytes, whole)).isFalse();
        assertThat(budget.contended()).isTrue();
        return claim;
    }

    private Named claim(String name) {
        return new Named(budget.claim(0), () -> woken.add(name));
    }

    /** A claim that tells its name when it has waited. */
    private record Named(Claim claim, Runnable granted) {
        boolean grow(long bytes, boolean whole) {
            return claim.grow(bytes, whole, granted);
        }

        boolean isWaiting() {
            return claim.isWaiting();
        }

        void release() {
            claim.release();
        }
    }
}
