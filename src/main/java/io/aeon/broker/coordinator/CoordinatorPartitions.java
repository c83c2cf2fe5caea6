package io.aeon.broker.coordinator;

import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of a coordinator topic that this broker leads. Not thread-safe.
 *
 * @param <P> what is known of one
 */
public final class CoordinatorPartitions<P extends CoordinatorPartition<?, ?>> {
    private final int nodeId;
    private final IntFunction<P> maker;
    private final Consumer<P> loader;
    private final Map<Integer, P> byIndex = new HashMap<>();
    private final Map<Integer, String> failures = new HashMap<>();
    private @Nullable Topic topic;

    /** @param loader told each partition that is new here */
    public CoordinatorPartitions(int nodeId, IntFunction<P> maker, Consumer<P> loader) {
        this.nodeId = nodeId;
        this.maker = maker;
        this.loader = loader;
    }

    /** Takes in the latest metadata; true if the topic known before is no more. */
    public boolean follow(@Nullable Topic latest) {
        boolean gone = topic != null && (latest == null || !latest.id().equals(topic.id()));
        if (gone) {
            close();
        }
        topic = latest;
        if (latest != null) {
            latest.partitions().forEach(this::get);
        }
        return gone;
    }

    /**
     * One partition, null if another broker leads it or there is none.
     *
     * @param place which one, of so many there are
     */
    @Nullable
    public P at(IntUnaryOperator place) {
        return topic == null
                ? null
                : get(topic.partitions().get(place.applyAsInt(topic.partitions().size())));
    }

    private @Nullable P get(Partition partition) {
        P known = byIndex.get(partition.index());
        boolean isMissing = known == null || known.isPastFailure();
        if (!isMissing || !partition.isLedBy(nodeId)) {
            return known;
        }
        P fresh = maker.apply(partition.index());
        byIndex.put(partition.index(), fresh);
        loader.accept(fresh);
        return fresh;
    }

    /** Those in use, a view. */
    public Collection<P> all() {
        return byIndex.values();
    }

    /** Whether nothing more will be known for now. */
    public boolean settled() {
        return byIndex.values().stream().noneMatch(CoordinatorPartition::isLoading);
    }

    /** Whether this very partition is still in use. */
    public boolean contains(P partition) {
        return byIndex.containsValue(partition);
    }

    /** A partition cannot be loaded; its next use after a while tries again. Returns whether the reason is a new one. */
    public boolean failed(P partition, String reason) {
        partition.failed();
        return !reason.equals(failures.put(partition.index(), reason));
    }

    /** A partition is loaded: its next failure is a new one. */
    public void loaded(P partition) {
        failures.remove(partition.index());
    }

    /** Refuses all that waits and forgets everything. */
    public void close() {
        byIndex.values().forEach(partition -> partition.close(Errors.NOT_COORDINATOR));
        byIndex.clear();
    }
}
