package io.aeon.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Watch;
import org.junit.jupiter.api.Test;

class WatchersTest {
    private final Growth growth = new Growth(extent(5, 0), 5, 0);
    private final Watchers watchers = new Watchers(growth, extent(5, 0));

    @Test
    void wakesOnceWhenTheHighWatermarkMoves() {
        CountingWatcher watcher = watch(5, 0);

        watchers.changed(extent(5, 0));
        assertThat(watcher.wakes).isZero();

        watchers.changed(extent(6, 0));
        watchers.changed(extent(7, 0));
        assertThat(watcher.wakes).isEqualTo(1);
    }

    @Test
    void wakesWhenTheLogStartMoves() {
        CountingWatcher watcher = watch(5, 0);

        watchers.changed(extent(5, 3));

        assertThat(watcher.wakes).isEqualTo(1);
    }

    @Test
    void wakesAtOnceIfThePartitionHasChangedAlready() {
        CountingWatcher watcher = watch(4, 0);

        assertThat(watcher.wakes).isEqualTo(1);
    }

    @Test
    void forgetsCancelledWatchers() {
        CountingWatcher gone = watch(5, 0);
        gone.watcher.cancel();
        CountingWatcher here = watch(5, 0);

        watchers.wakeAll();

        assertThat(gone.wakes).isZero();
        assertThat(here.wakes).isEqualTo(1);
    }

    @Test
    void aWatcherMayWatchAgainWhileItIsWoken() {
        CountingWatcher[] second = new CountingWatcher[1];
        watchers.add(
                new Watch(Isolation.UNCOMMITTED, 5, 0, new Watcher(Runnable::run, () -> second[0] = watch(6, 0, 6))),
                extent(5, 0));

        watchers.changed(extent(6, 0));
        assertThat(second[0].wakes).isZero();
        watchers.changed(extent(7, 0));
        assertThat(second[0].wakes).isEqualTo(1);
    }

    @Test
    void aReaderOfCommittedRecordsIsWokenByTheLastStableOffset() {
        CountingWatcher watcher = new CountingWatcher();
        watchers.changed(new Extent(0, 5, 8, 9));
        watchers.add(new Watch(Isolation.COMMITTED, 5, 0, watcher.watcher), new Extent(0, 5, 8, 9));

        watchers.changed(new Extent(0, 5, 9, 9));
        assertThat(watcher.wakes).isZero();
        watchers.changed(new Extent(0, 9, 9, 9));
        assertThat(watcher.wakes).isEqualTo(1);
    }

    @Test
    void wakesWhenTheRangeHasGrownByTheBytesThatAreMissing() {
        CountingWatcher few = watchFor(100, growth.mark(Isolation.UNCOMMITTED));
        CountingWatcher more = watchFor(101, growth.mark(Isolation.UNCOMMITTED));

        append(60, 6);
        assertThat(few.wakes).isZero();
        append(40, 7);

        assertThat(few.wakes).isEqualTo(1);
        assertThat(more.wakes).isZero();
    }

    @Test
    void bytesThatReadersDoNotSeeYetAreNoGrowth() {
        CountingWatcher watcher = watchFor(100, growth.mark(Isolation.UNCOMMITTED));
        growth.appended(80, 6);
        growth.appended(80, 7);
        growth.appended(80, 8);

        watchers.changed(extent(6, 0));
        assertThat(watcher.wakes).isZero();

        watchers.changed(extent(7, 0));
        assertThat(watcher.wakes).isEqualTo(1);
    }

    @Test
    void growthBetweenTheReadAndTheWatchCounts() {
        Growth.Mark read = growth.mark(Isolation.UNCOMMITTED);
        append(60, 6);

        CountingWatcher few = watchFor(60, read);
        CountingWatcher more = watchFor(61, read);

        assertThat(few.wakes).isEqualTo(1);
        assertThat(more.wakes).isZero();
        append(1, 7);
        assertThat(more.wakes).isEqualTo(1);
    }

    @Test
    void theReaderOfAnotherOpeningOfTheLogIsWokenIfTheRangeHasMoved() {
        append(60, 6);

        CountingWatcher watcher = watchFor(1_000_000, new Growth(extent(5, 0), 5, 0).mark(Isolation.UNCOMMITTED));

        assertThat(watcher.wakes).isEqualTo(1);
    }

    @Test
    void aWatcherIsNeverTooLateHoweverManyAppendsAreNotReadableYet() {
        long appends = 1000;
        for (long end = 6; end < 6 + appends; end++) {
            growth.appended(10, end);
        }
        for (long end = 6; end < 6 + appends; end++) {
            CountingWatcher watcher = watchFor(10, end - 1, growth.mark(Isolation.UNCOMMITTED));

            watchers.changed(extent(end, 0));

            assertThat(watcher.wakes).isEqualTo(1);
        }
    }

    @Test
    void aTruncationWakesAllWhateverTheyWaitFor() {
        CountingWatcher watcher = watchFor(1_000_000, growth.mark(Isolation.UNCOMMITTED));

        watchers.changed(extent(4, 0));

        assertThat(watcher.wakes).isEqualTo(1);
    }

    @Test
    void aTruncationBetweenTheReadAndTheWatchWakesAtOnce() {
        Growth.Mark read = growth.mark(Isolation.UNCOMMITTED);
        watchers.changed(extent(4, 0));

        CountingWatcher watcher = watchFor(1_000_000, read);

        assertThat(watcher.wakes).isEqualTo(1);
    }

    @Test
    void appendsAfterATruncationAreGrowth() {
        append(50, 9);
        watchers.changed(extent(6, 0));
        Growth.Mark mark = growth.mark(Isolation.UNCOMMITTED);
        CountingWatcher watcher = watchFor(20, 6, mark);

        append(20, 7);

        assertThat(watcher.wakes).isEqualTo(1);
        assertThat(mark.mayHaveMoved(Isolation.UNCOMMITTED, 6)).isTrue();
        assertThat(mark.mayHaveMoved(Isolation.UNCOMMITTED, 7)).isFalse();
    }

    private void append(int bytes, long end) {
        growth.appended(bytes, end);
        watchers.changed(extent(end, 0));
    }

    private CountingWatcher watchFor(long bytes, Growth.Mark mark) {
        return watchFor(bytes, 5, mark);
    }

    private CountingWatcher watchFor(long bytes, long seen, Growth.Mark mark) {
        CountingWatcher watcher = new CountingWatcher();
        watchers.add(new Watch(Isolation.UNCOMMITTED, seen, 0, mark, bytes, watcher.watcher), growth.readable());
        return watcher;
    }

    private static Extent extent(long highWatermark, long logStart) {
        return new Extent(logStart, highWatermark, highWatermark, highWatermark);
    }

    private CountingWatcher watch(long highWatermark, long logStart) {
        return watch(highWatermark, logStart, 5);
    }

    private CountingWatcher watch(long highWatermark, long logStart, long present) {
        CountingWatcher watcher = new CountingWatcher();
        watchers.add(new Watch(Isolation.UNCOMMITTED, highWatermark, logStart, watcher.watcher), extent(present, 0));
        return watcher;
    }

    private static final class CountingWatcher {
        private final Watcher watcher = new Watcher(Runnable::run, () -> this.wakes++);
        private int wakes;
    }
}
