package io.aeon.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.partition.PartitionCommand.Acks;
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
    private long next;

    @ParameterizedTest
    @EnumSource(
            value = Acks.class,
            names = {"LEADER", "ALL"})
    void inSyncAnAppendIsAnsweredByTheFlushThatCoversIt(Acks acks) {
        CompletableFuture<AppendResult> first = append(acks);
        CompletableFuture<AppendResult> second = append(acks);
        batching.flushStarted();
        CompletableFuture<AppendResult> third = append(acks);

        batching.flushed(2);

        assertThat(first).isCompletedWithValue(new AppendResult(0, 0, 0));
        assertThat(second).isCompleted();
        assertThat(third).isNotDone();
        assertThat(batching.flushDue(false)).isTrue();
    }

    @Test
    void onlyOneFlushIsUnderWay() {
        append(Acks.ALL);
        assertThat(batching.flushDue(false)).isTrue();

        batching.flushStarted();
        append(Acks.ALL);

        assertThat(batching.flushDue(false)).isFalse();
    }

    @Test
    void whoSendsOneAtATimeIsNotKeptWaiting() {
        append(Acks.ALL);
        assertThat(batching.flushStarted().isComplete()).isTrue();
        batching.flushed(1);

        append(Acks.ALL);

        assertThat(batching.flushStarted().isComplete()).isTrue();
    }

    @Test
    void asManyAreGatheredAsWereUnderWayBefore() {
        append(Acks.ALL);
        append(Acks.ALL);
        batching.flushStarted();
        append(Acks.ALL);
        batching.flushed(2);

        Gathering gathering = batching.flushStarted();
        append(Acks.ALL);
        assertThat(gathering.isComplete()).isFalse();
        append(Acks.ALL);

        assertThat(gathering.isComplete()).isTrue();
        gathering.await();
    }

    @Test
    void whoDoesNotComeIsWaitedForOnlyAMoment() {
        append(Acks.ALL);
        append(Acks.ALL);
        batching.flushStarted();
        batching.flushed(2);
        append(Acks.ALL);

        Gathering gathering = batching.flushStarted();
        gathering.await();

        assertThat(gathering.isComplete()).isFalse();
    }

    @Test
    void inSyncConsumersSeeOnlyWhatIsDurable() {
        append(Acks.NONE);
        assertThat(batching.highWatermark()).isZero();

        batching.flushStarted();
        batching.flushed(1);

        assertThat(batching.highWatermark()).isEqualTo(1);
        assertThat(batching.flushDue(false)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void whoWantsNoAcknowledgementWaitsForNothing(Mode mode) {
        batching = in(mode);

        assertThat(append(Acks.NONE)).isCompleted();
    }

    @Test
    void inIntervalOnlyAcksAllWaits() {
        batching = in(Mode.INTERVAL);

        assertThat(append(Acks.LEADER)).isCompleted();
        assertThat(batching.flushDue(false)).isFalse();
        assertThat(batching.flushLater()).isTrue();
        assertThat(batching.highWatermark()).isEqualTo(1);

        assertThat(append(Acks.ALL)).isNotDone();
        assertThat(batching.flushDue(false)).isTrue();
    }

    @Test
    void inIntervalManyBytesDoNotWaitForItsEnd() {
        batching = in(Mode.INTERVAL);
        for (int i = 0; i < 9; i++) {
            append(Acks.LEADER);
        }
        assertThat(batching.flushDue(false)).isFalse();

        append(Acks.LEADER);

        assertThat(batching.flushDue(false)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void onlyInOsAFullSegmentIsAReasonOfItsOwn(Mode mode) {
        batching = in(mode);

        assertThat(batching.flushDue(true)).isEqualTo(mode == Mode.OS);

        batching.flushStarted();
        assertThat(batching.flushDue(true)).isFalse();
    }

    @Test
    void inOsNobodyWaitsButTheScanAfterACrashStaysBounded() {
        batching = in(Mode.OS);

        assertThat(append(Acks.ALL)).isCompleted();
        assertThat(batching.flushDue(false)).isFalse();
        assertThat(batching.flushLater()).isFalse();

        append(Acks.ALL, PartitionLog.CHECKPOINT_BYTES);

        assertThat(batching.flushDue(false)).isTrue();
    }

    @Test
    void afterAFailureNobodyIsLeftWaiting() {
        CompletableFuture<AppendResult> first = append(Acks.ALL);
        batching.flushStarted();
        CompletableFuture<AppendResult> second = append(Acks.ALL);

        batching.fail(new StorageException("broken"));

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
    }

    private static FsyncBatching in(Mode mode) {
        return new FsyncBatching(
                new FlushSettings(mode, Duration.ofSeconds(1), 10 * BYTES), new Replies(Runnable::run), 0, 0);
    }

    private CompletableFuture<AppendResult> append(Acks acks) {
        return append(acks, BYTES);
    }

    private CompletableFuture<AppendResult> append(Acks acks, int bytes) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        batching.appended(new AppendResult(next, next, 0), bytes, acks, reply);
        next++;
        return reply;
    }
}
