package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.network.ByteBudget.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private static final long TOTAL = 128 << 20;
    private static final long SMALL = 1000;
    private static final long MIDDLE = 8 << 20;
    private static final long HUGE = 1L << 30;

    private final ByteBudget budget = new ByteBudget(TOTAL);
    private final List<String> woken = new ArrayList<>();

    @Test
    void whatIsReleasedGoesToThoseWhoWaitInTheirOrder() {
        List<Claim> granted = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            granted.add(claim(MIDDLE, "granted at once"));
        }
        Claim first = claim(MIDDLE, "first");
        Claim second = claim(MIDDLE, "second");
        assertThat(first.isGranted()).isFalse();
        assertThat(budget.contended()).isTrue();

        granted.get(0).release();
        assertThat(woken).containsExactly("first");
        assertThat(first.isGranted()).isTrue();
        first.release();
        second.release();

        assertThat(woken).containsExactly("first", "second");
        granted.forEach(Claim::release);
        assertThat(budget.used()).isZero();
        assertThat(budget.contended()).isFalse();
    }

    @Test
    void nobodyKeepsSmallClaimsOut() {
        for (int i = 0; i < 100; i++) {
            claim(HUGE, "huge");
            claim(MIDDLE, "middle");
        }
        assertThat(budget.contended()).isTrue();

        assertThat(claim(SMALL, "small").isGranted()).isTrue();
    }

    @Test
    void aClaimForMoreThanThereIsIsGrantedBesideSmallOnes() {
        for (int i = 0; i < 1000; i++) {
            assertThat(claim(SMALL, "long poll").isGranted()).isTrue();
        }

        assertThat(claim(HUGE, "huge").isGranted()).isTrue();
    }

    @Test
    void aClaimGivenUpIsNotGranted() {
        Claim one = claim(HUGE, "one");
        Claim two = claim(HUGE, "two");
        Claim three = claim(HUGE, "three");
        Claim four = claim(HUGE, "four");
        assertThat(three.isGranted()).isFalse();

        three.release();
        three.release();
        one.release();

        assertThat(woken).containsExactly("four");
        two.release();
        four.release();
        assertThat(budget.used()).isZero();
    }

    @Test
    void whateverTheScheduleEveryClaimIsGrantedAndEveryByteComesBack() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Claim> open = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(3) > 0) {
                open.add(claim(1L << random.nextInt(32), "any"));
            } else if (!open.isEmpty()) {
                open.remove(random.nextInt(open.size())).release();
            }
            assertThat(budget.used()).describedAs("seed %d", seed).isBetween(0L, TOTAL);
        }
        while (!open.isEmpty()) {
            Claim next = open.stream().filter(Claim::isGranted).findFirst().orElseThrow();
            open.remove(next);
            next.release();
        }
        assertThat(budget.used()).describedAs("seed %d", seed).isZero();
    }

    private Claim claim(long bytes, String name) {
        return budget.claim(bytes, () -> woken.add(name));
    }
}
