package io.aeon.broker.partition.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.partition.actor.PendingAppends.Pending;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PendingAppendsTest {
    private final PendingAppends pending = new PendingAppends(new Replies(Runnable::run));
    private final List<Long> acknowledged = new ArrayList<>();

    @Test
    void anAppendWithAcksAllWaitsForTheHighWatermarkToo() {
        pending.awaitFsync(append(1, true));
        pending.awaitFsync(append(2, false));
        pending.awaitFsync(append(3, true));

        pending.reached(2, 0);
        assertThat(acknowledged).containsExactly(2L);
        assertThat(pending.waitingForFsync()).isEqualTo(1);

        pending.reached(2, 2);
        assertThat(acknowledged).containsExactly(2L, 1L);

        pending.reached(3, 3);
        assertThat(acknowledged).containsExactly(2L, 1L, 3L);
        assertThat(pending.isEmpty()).isTrue();
    }

    @Test
    void theHighWatermarkAloneAcknowledgesNoUnsyncedAppend() {
        pending.awaitFsync(append(1, true));

        pending.reached(0, 5);
        assertThat(acknowledged).isEmpty();

        pending.reached(1, 5);
        assertThat(acknowledged).containsExactly(1L);
    }

    @Test
    void anAppendWithoutFsyncWaitsForTheReplicasOnly() {
        pending.awaitReplicas(append(1, true));
        assertThat(pending.waitingForFsync()).isZero();

        pending.reached(0, 1);

        assertThat(acknowledged).containsExactly(1L);
    }

    @Test
    void aFailureFailsEveryWaitingAppend() {
        CompletableFuture<AppendResult> first = new CompletableFuture<>();
        CompletableFuture<AppendResult> second = new CompletableFuture<>();
        pending.awaitFsync(new Pending(1, true, new AppendResult(0, 0, 0), first));
        pending.awaitReplicas(new Pending(2, true, new AppendResult(1, 1, 0), second));

        pending.fail(new StorageException("broken"));

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        assertThat(pending.isEmpty()).isTrue();
    }

    private Pending append(long end, boolean byAll) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        var unused = reply.thenAccept(result -> acknowledged.add(result.lastOffset() + 1));
        return new Pending(end, byAll, new AppendResult(end - 1, end - 1, 0), reply);
    }
}
