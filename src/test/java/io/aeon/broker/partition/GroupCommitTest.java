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

class GroupCommitTest {
    private static final int BYTES = 100;

    private GroupCommit commit = in(Mode.SYNC);
    private long next;

    @ParameterizedTest
    @EnumSource(
            value = Acks.class,
            names = {"LEADER", "ALL"})
    void inSyncAnAppendIsAnsweredByTheFlushThatCoversIt(Acks acks) {
        CompletableFuture<AppendResult> first = append(acks);
        CompletableFuture<AppendResult> second = append(acks);
        commit.flushStarted();
        CompletableFuture<AppendResult> third = append(acks);

        commit.flushed(2);

        assertThat(first).isCompletedWithValue(new AppendResult(0, 0, 0));
        assertThat(second).isCompleted();
        assertThat(third).isNotDone();
        assertThat(commit.flushDue(false)).isTrue();
    }

    @Test
    void onlyOneFlushIsUnderWay() {
        append(Acks.ALL);
        assertThat(commit.flushDue(false)).isTrue();

        commit.flushStarted();
        append(Acks.ALL);

        assertThat(commit.flushDue(false)).isFalse();
    }

    @Test
    void whoSendsOneAtATimeIsNotKeptWaiting() {
        append(Acks.ALL);
        assertThat(commit.flushStarted().isComplete()).isTrue();
        commit.flushed(1);

        append(Acks.ALL);

        assertThat(commit.flushStarted().isComplete()).isTrue();
    }

    @Test
    void asManyAreGatheredAsWereUnderWayBefore() {
        append(Acks.ALL);
        append(Acks.ALL);
        commit.flushStarted();
        append(Acks.ALL);
        commit.flushed(2);

        Gathering gathering = commit.flushStarted();
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
        commit.flushStarted();
        commit.flushed(2);
        append(Acks.ALL);

        Gathering gathering = commit.flushStarted();
        gathering.await();

        assertThat(gathering.isComplete()).isFalse();
    }

    @Test
    void inSyncConsumersSeeOnlyWhatIsDurable() {
        append(Acks.NONE);
        assertThat(commit.highWatermark()).isZero();

        commit.flushStarted();
        commit.flushed(1);

        assertThat(commit.highWatermark()).isEqualTo(1);
        assertThat(commit.flushDue(false)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void whoWantsNoAcknowledgementWaitsForNothing(Mode mode) {
        commit = in(mode);

        assertThat(append(Acks.NONE)).isCompleted();
    }

    @Test
    void inIntervalOnlyAcksAllWaits() {
        commit = in(Mode.INTERVAL);

        assertThat(append(Acks.LEADER)).isCompleted();
        assertThat(commit.flushDue(false)).isFalse();
        assertThat(commit.flushLater()).isTrue();
        assertThat(commit.highWatermark()).isEqualTo(1);

        assertThat(append(Acks.ALL)).isNotDone();
        assertThat(commit.flushDue(false)).isTrue();
    }

    @Test
    void inIntervalManyBytesDoNotWaitForItsEnd() {
        commit = in(Mode.INTERVAL);
        for (int i = 0; i < 9; i++) {
            append(Acks.LEADER);
        }
        assertThat(commit.flushDue(false)).isFalse();

        append(Acks.LEADER);

        assertThat(commit.flushDue(false)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void onlyInOsAFullSegmentIsAReasonOfItsOwn(Mode mode) {
        commit = in(mode);

        assertThat(commit.flushDue(true)).isEqualTo(mode == Mode.OS);

        commit.flushStarted();
        assertThat(commit.flushDue(true)).isFalse();
    }

    @Test
    void inOsNobodyWaitsButTheScanAfterACrashStaysBounded() {
        commit = in(Mode.OS);

        assertThat(append(Acks.ALL)).isCompleted();
        assertThat(commit.flushDue(false)).isFalse();
        assertThat(commit.flushLater()).isFalse();

        append(Acks.ALL, PartitionLog.CHECKPOINT_BYTES);

        assertThat(commit.flushDue(false)).isTrue();
    }

    @Test
    void afterAFailureNobodyIsLeftWaiting() {
        CompletableFuture<AppendResult> first = append(Acks.ALL);
        commit.flushStarted();
        CompletableFuture<AppendResult> second = append(Acks.ALL);

        commit.fail(new StorageException("broken"));

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
    }

    private static GroupCommit in(Mode mode) {
        return new GroupCommit(new FlushSettings(mode, Duration.ofSeconds(1), 10 * BYTES), 0, 0);
    }

    private CompletableFuture<AppendResult> append(Acks acks) {
        return append(acks, BYTES);
    }

    private CompletableFuture<AppendResult> append(Acks acks, int bytes) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        commit.appended(new AppendResult(next, next, 0), bytes, acks, reply);
        next++;
        return reply;
    }
}
