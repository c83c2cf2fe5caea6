package io.aeon.broker.partition.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.actor.PendingAppends.Pending;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.PartitionLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FsyncBatchingTest {
    private static final int BYTES = 100;

    private FsyncBatching batching = in(Mode.SYNC);
    private final PendingAppends pending = new PendingAppends(new Replies(Runnable::run));
    private long next;

    @ParameterizedTest
    @EnumSource(
            value = Acks.class,
            names = {"LEADER", "ALL"})
    void inSyncAnAppendIsAnsweredByTheFlushThatCoversIt(Acks acks) {
        CompletableFuture<AppendResult> first = append(acks);
        CompletableFuture<AppendResult> second = append(acks);
        started();
        CompletableFuture<AppendResult> third = append(acks);

        flushed(2);

        assertThat(first).isCompletedWithValue(new AppendResult(0, 0, 0));
        assertThat(second).isCompleted();
        assertThat(third).isNotDone();
        assertThat(due(false)).isTrue();
    }

    @Test
    void onlyOneFlushIsInProgress() {
        append(Acks.ALL);
        assertThat(due(false)).isTrue();

        started();
        append(Acks.ALL);

        assertThat(due(false)).isFalse();
    }

    @Test
    void aClientThatSendsOneAppendAtATimeNeverWaits() {
        append(Acks.ALL);
        assertThat(started().isComplete()).isTrue();
        flushed(1);

        append(Acks.ALL);

        assertThat(started().isComplete()).isTrue();
    }

    @Test
    void asManyAppendsAreGatheredAsWaitedForTheLastFsync() {
        append(Acks.ALL);
        append(Acks.ALL);
        started();
        append(Acks.ALL);
        flushed(2);

        Gathering gathering = started();
        append(Acks.ALL);
        assertThat(gathering.isComplete()).isFalse();
        append(Acks.ALL);

        assertThat(gathering.isComplete()).isTrue();
        gathering.await();
    }

    @Test
    void theWaitForMissingAppendsIsShort() {
        append(Acks.ALL);
        append(Acks.ALL);
        started();
        flushed(2);
        append(Acks.ALL);

        Gathering gathering = started();
        gathering.await();

        assertThat(gathering.isComplete()).isFalse();
    }

    @Test
    void inSyncConsumersSeeOnlyWhatIsDurable() {
        append(Acks.NONE);
        assertThat(batching.safeEnd()).isZero();

        started();
        flushed(1);

        assertThat(batching.safeEnd()).isEqualTo(1);
        assertThat(due(false)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void anAppendWithAcksNoneNeverWaits(Mode mode) {
        batching = in(mode);

        assertThat(append(Acks.NONE)).isCompleted();
    }

    @Test
    void inIntervalOnlyAcksAllWaits() {
        batching = in(Mode.INTERVAL);

        assertThat(append(Acks.LEADER)).isCompleted();
        assertThat(due(false)).isFalse();
        assertThat(batching.flushLater()).isTrue();
        assertThat(batching.safeEnd()).isEqualTo(1);

        assertThat(append(Acks.ALL)).isNotDone();
        assertThat(due(false)).isTrue();
    }

    @Test
    void inIntervalManyBytesAreFlushedBeforeTheIntervalEnds() {
        batching = in(Mode.INTERVAL);
        for (int i = 0; i < 9; i++) {
            append(Acks.LEADER);
        }
        assertThat(due(false)).isFalse();

        append(Acks.LEADER);

        assertThat(due(false)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void onlyInOsAFullSegmentCausesAFlush(Mode mode) {
        batching = in(mode);

        assertThat(due(true)).isEqualTo(mode == Mode.OS);

        started();
        assertThat(due(true)).isFalse();
    }

    @Test
    void inOsNoAppendWaitsAndTheScanAfterACrashIsBounded() {
        batching = in(Mode.OS);

        assertThat(append(Acks.ALL)).isCompleted();
        assertThat(due(false)).isFalse();
        assertThat(batching.flushLater()).isFalse();

        append(Acks.ALL, PartitionLog.CHECKPOINT_BYTES);

        assertThat(due(false)).isTrue();
    }

    @Test
    void afterAFailureNoAppendWaits() {
        CompletableFuture<AppendResult> first = append(Acks.ALL);
        started();
        CompletableFuture<AppendResult> second = append(Acks.ALL);

        pending.fail(new StorageException("broken"));

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
    }

    private static FsyncBatching in(Mode mode) {
        return new FsyncBatching(new FlushSettings(mode, Duration.ofSeconds(1), 10 * BYTES), 0, 0);
    }

    private CompletableFuture<AppendResult> append(Acks acks) {
        return append(acks, BYTES);
    }

    private CompletableFuture<AppendResult> append(Acks acks, int bytes) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        AppendResult result = new AppendResult(next, next, 0);
        next++;
        batching.appended(next, bytes);
        if (batching.mustWait(acks, next)) {
            pending.awaitFsync(new Pending(next, false, result, reply));
            batching.waits();
        } else {
            pending.acknowledge(result, reply);
        }
        return reply;
    }

    private boolean due(boolean rolled) {
        return batching.flushDue(rolled, pending.waitingForFsync());
    }

    private Gathering started() {
        return batching.flushStarted(pending.waitingForFsync());
    }

    private void flushed(long durable) {
        batching.flushed(durable, pending.waitingForFsync());
        pending.reached(durable, 0);
    }
}
