package io.aeon.metadata;

import io.aeon.config.KafkaSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;

/**
 * This broker's view of its cluster's metadata, and the access to its controller. Thread-safe; only {@link
 * #logsAreClosed} and {@link #close} block.
 */
public interface Metadata extends AutoCloseable {
    /** This broker's node id. */
    int nodeId();

    /** The ids of this broker's data directories that can be used (KIP-858). */
    Map<Path, Uuid> directoryIds();

    /** The latest image that this broker has loaded. */
    ClusterImage image();

    /** The levels of each feature that this broker supports (KIP-584). */
    Map<String, FeatureRange> supportedFeatures();

    /**
     * The broker's settings with those that were changed while it runs; the same object as long as none has changed. A
     * user asks for them again at each use, see {@link io.aeon.config.Current}.
     */
    KafkaSettings settings();

    /** Computes the effective settings of topics. */
    TopicConfigs topicConfigs();

    /**
     * Calls {@code listener} with the current image before it returns, then with each new image on the engine's thread.
     */
    void subscribe(Consumer<ImageChange> listener);

    /** The cluster's active controller. */
    Controller controller();

    /** Notes that the broker has closed all partitions' logs, so that a failure of the machine can lose no record. */
    void logsAreClosed();

    @Override
    void close();
}
