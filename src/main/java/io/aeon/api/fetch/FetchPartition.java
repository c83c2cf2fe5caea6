package io.aeon.api.fetch;

import io.aeon.api.ApiErrors;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.Watcher;
import io.aeon.counters.TopicTraffic;
import java.util.Comparator;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** One partition of a fetch session. Guarded by the session. */
final class FetchPartition {
    /**
     * Identifies a partition within a session.
     *
     * @param topic name, empty if the client names topics by id
     * @param topicId zero if the client names topics by name
     */
    record Key(boolean isById, String topic, Uuid topicId, int index) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::isById)
                .thenComparing(Key::topic)
                .thenComparing(Key::topicId)
                .thenComparingInt(Key::index);

        static Key byName(String topic, int index) {
            return new Key(false, topic, Uuid.ZERO_UUID, index);
        }

        static Key byId(Uuid topicId, int index) {
            return new Key(true, "", topicId, index);
        }

        /** A hash map finds keys with equal hashes, which a client may choose, by their order. */
        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private static final long UNKNOWN = -1;
    private static final int NO_EPOCH = -1;

    private final Key key;
    private final FetchSession session;
    private final Executor pool;
    private volatile @Nullable String topicName;
    private @Nullable TopicTraffic traffic;
    private long fetchOffset;
    private int maxBytes;
    private int currentLeaderEpoch;
    private int lastFetchedEpoch;
    private long followersLogStart;
    private long toldHighWatermark = UNKNOWN;
    private long toldLogStartOffset = UNKNOWN;
    private @Nullable Watch watch;

    /** @param pool executor that notifies the session of a change in this partition */
    FetchPartition(FetchSession session, Key key, Executor pool) {
        this.key = key;
        this.session = session;
        this.pool = pool;
    }

    Key key() {
        return key;
    }

    void update(FetchRequestData.FetchPartition wanted) {
        fetchOffset = wanted.fetchOffset();
        maxBytes = wanted.partitionMaxBytes();
        currentLeaderEpoch = Math.max(wanted.currentLeaderEpoch(), NO_EPOCH);
        lastFetchedEpoch = Math.max(wanted.lastFetchedEpoch(), NO_EPOCH);
        followersLogStart = wanted.logStartOffset();
    }

    /** The topic's name at the time when its id was first resolved; null before. */
    @Nullable
    String topicName() {
        return topicName;
    }

    void resolved(String name) {
        topicName = name;
    }

    /** The counters of the topic that is read now. */
    void countedBy(TopicTraffic counters) {
        traffic = counters;
    }

    /**
     * Counts the result that the reader is told.
     *
     * @param isForConsumer whether the reader is no follower
     */
    void count(FetchResult result, boolean isForConsumer) {
        if (traffic == null) {
            return;
        }
        int bytes = result.records().size();
        if (result.error() != Errors.NONE) {
            if (ApiErrors.isFailure(result.error())) {
                traffic.readRefused();
            }
        } else if (isForConsumer) {
            traffic.read(bytes);
        } else {
            traffic.copiedOut(bytes);
        }
    }

    long fetchOffset() {
        return fetchOffset;
    }

    int maxBytes() {
        return maxBytes;
    }

    int currentLeaderEpoch() {
        return currentLeaderEpoch;
    }

    int lastFetchedEpoch() {
        return lastFetchedEpoch;
    }

    /** The log start offset of a follower. */
    long followersLogStart() {
        return followersLogStart;
    }

    /**
     * The watch that wakes the session when the partition has grown by {@code bytes} since the reader saw {@code seen};
     * the caller sends it. Null if one under way does so: its reader saw less, and waits for no more.
     */
    @Nullable
    Watch watch(FetchResult seen, long bytes) {
        if (watch != null && watch.bytes() <= bytes) {
            return null;
        }
        unwatch();
        watch = new Watch(
                seen.isolation(),
                seen.endOffset(),
                seen.logStartOffset(),
                seen.mark(),
                bytes,
                new Watcher(pool, () -> session.woken(this)));
        return watch;
    }

    /** As {@link #watch(FetchResult, long)}, if a watch under way waits for more than {@code bytes}. */
    @Nullable
    Watch watchSooner(long bytes) {
        if (watch == null || watch.bytes() <= bytes) {
            return null;
        }
        watch.watcher().cancel();
        watch = new Watch(
                watch.isolation(),
                watch.endOffset(),
                watch.logStartOffset(),
                watch.mark(),
                bytes,
                new Watcher(pool, () -> session.woken(this)));
        return watch;
    }

    /** The watch has ended, or nobody waits for it. */
    void unwatch() {
        if (watch != null) {
            watch.watcher().cancel();
            watch = null;
        }
    }

    /** Whether the partition may have grown by less than what its watch waits for. */
    boolean mayHaveGrown() {
        return watch != null && watch.bytes() > 1 && watch.mark().mayHaveMoved(watch.isolation(), watch.endOffset());
    }

    /** Whether the log starts elsewhere than the reader was told last. */
    boolean startsElsewhere(FetchResult result) {
        return toldLogStartOffset != UNKNOWN && toldLogStartOffset != result.logStartOffset();
    }

    /** Whether the high watermark is another one than the reader was told last. */
    boolean isCommittedElsewhere(FetchResult result) {
        return toldHighWatermark != UNKNOWN && toldHighWatermark != result.highWatermark();
    }

    /** Stores what the client receives, and returns whether any of it is new to the client. */
    boolean tells(FetchResult result) {
        boolean news = result.tellsMoreThanOffsets()
                || result.highWatermark() != toldHighWatermark
                || result.logStartOffset() != toldLogStartOffset;
        toldHighWatermark = result.highWatermark();
        toldLogStartOffset = result.logStartOffset();
        return news;
    }
}
