package io.aeon.api.produce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GrownBatchesTest {
    private final GrownBatches grown = new GrownBatches(100);

    @Test
    void claimsWaitInTheOrderOfAsking() {
        assertThat(claim(60)).isDone();
        CompletableFuture<Void> large = claim(50);
        CompletableFuture<Void> small = claim(1);
        assertThat(large).isNotDone();
        assertThat(small).isNotDone();

        grown.release(60);

        assertThat(large).isDone();
        assertThat(small).isDone();
    }

    @Test
    void oneClaimMayBeLargerThanAllTogether() {
        CompletableFuture<Void> huge = claim(1000);
        CompletableFuture<Void> next = claim(1);
        assertThat(huge).isDone();
        assertThat(next).isNotDone();

        grown.release(1000);

        assertThat(next).isDone();
    }

    private CompletableFuture<Void> claim(long bytes) {
        return grown.claim(bytes).toCompletableFuture();
    }
}
