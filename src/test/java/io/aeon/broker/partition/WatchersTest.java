package io.aeon.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Watch;
import org.junit.jupiter.api.Test;

class WatchersTest {
    private final Watchers watchers = new Watchers();

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
        watchers.add(new Watch(Isolation.COMMITTED, 3, 0, watcher.watcher), new Extent(0, 3, 5));

        watchers.changed(new Extent(0, 3, 9));
        assertThat(watcher.wakes).isZero();
        watchers.changed(new Extent(0, 9, 9));
        assertThat(watcher.wakes).isEqualTo(1);
    }

    private static Extent extent(long highWatermark, long logStart) {
        return new Extent(logStart, highWatermark, highWatermark);
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
