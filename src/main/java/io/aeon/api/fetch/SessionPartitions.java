package io.aeon.api.fetch;

import io.aeon.metadata.ClusterImage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The partitions of a fetch session and the heap that they take. Guarded by the session. */
final class SessionPartitions {
    private final Map<FetchPartition.Key, FetchPartition> byKey = new LinkedHashMap<>();
    private final Function<FetchPartition.Key, FetchPartition> create;
    private long heapBytes;
    private @Nullable ClusterImage seen;
    private List<FetchPartition> outOfSync = List.of();

    SessionPartitions(Function<FetchPartition.Key, FetchPartition> create) {
        this.create = create;
    }

    /** Heap that a partition takes in a session. */
    static long heapBytes(FetchPartition.Key key) {
        return FetchMemory.PARTITION + key.topic().length();
    }

    /** Heap that all of them take. */
    long heapBytes() {
        return heapBytes;
    }

    int size() {
        return byKey.size();
    }

    Collection<FetchPartition> all() {
        return byKey.values();
    }

    boolean has(FetchPartition partition) {
        return byKey.get(partition.key()) == partition;
    }

    /** The partition with this key; a new one if there was none. */
    FetchPartition get(FetchPartition.Key key) {
        FetchPartition known = byKey.get(key);
        if (known != null) {
            return known;
        }
        FetchPartition added = create.apply(key);
        byKey.put(key, added);
        heapBytes += heapBytes(key);
        seen = null;
        return added;
    }

    /** Removes the partition with this key and returns it; null if there is none. */
    @Nullable
    FetchPartition remove(FetchPartition.Key key) {
        FetchPartition removed = byKey.remove(key);
        if (removed != null) {
            heapBytes -= heapBytes(key);
            seen = null;
        }
        return removed;
    }

    /**
     * The partitions that fulfil {@code isOutOfSync}. They are looked for once in each image, so that a follower's
     * request does not cost more the more partitions its session has.
     */
    List<FetchPartition> outOfSync(ClusterImage image, Predicate<FetchPartition> isOutOfSync) {
        if (image != seen) {
            outOfSync = all().stream().filter(isOutOfSync).toList();
            seen = image;
        }
        return outOfSync;
    }
}
