package io.aeon.metadata;

import java.util.function.Consumer;

/**
 * What this broker knows of its cluster, and the way to change it. Thread-safe; nothing here blocks but {@link #close}.
 */
public interface Metadata extends AutoCloseable {
    /** This broker's number in the cluster. */
    int nodeId();

    /** The latest image this broker has seen. */
    ClusterImage image();

    /** The effective settings of topics. */
    TopicConfigs topicConfigs();

    /** Calls {@code listener} with the present image before it returns, then with each new one on the engine's thread. */
    void subscribe(Consumer<ImageChange> listener);

    /** The way to the cluster's active controller. */
    Controller controller();

    @Override
    void close();
}
