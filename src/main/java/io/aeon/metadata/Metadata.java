package io.aeon.metadata;

import io.aeon.config.KafkaSettings;
import io.aeon.metadata.ClusterImage.Broker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;

/**
 * This broker's view of its cluster's metadata, and the access to its controller. Thread-safe; only {@link #leave},
 * {@link #logsAreClosed} and {@link #close} block.
 */
public interface Metadata extends AutoCloseable {
    /** This broker's node id. */
    int nodeId();

    /**
     * The epoch of this process's registration as a broker, by which the controller and leaders tell it from another
     * one that has taken over its node id; -1 before it is registered.
     */
    default long brokerEpoch() {
        return image().broker(nodeId()).map(Broker::epoch).orElse(-1L);
    }

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

    /** This node's part in the metadata quorum. */
    default QuorumView quorum() {
        return QuorumView.NONE;
    }

    /** The cluster's active controller. */
    Controller controller();

    /**
     * Takes the broker into service: other nodes send clients to it from now on.
     *
     * @param bound the address that each listener is bound to, by listener name
     * @return completes when this broker's image shows it in service
     */
    CompletableFuture<Void> serve(Map<String, InetSocketAddress> bound);

    /**
     * Tells the cluster that a data directory of this broker refuses writes: partitions with another in-sync replica
     * get another leader. As in Kafka the cluster does not use the directory again before this node has started again.
     *
     * @param id of the directory
     */
    void directoryFailed(Uuid id);

    /**
     * Takes the broker out of service before it stops: the leaderships of its partitions and of the quorum go to other
     * nodes. The image does not change any more.
     *
     * @param timeout maximum time for the partitions
     */
    void leave(Duration timeout);

    /** Ends the traffic with other nodes at once, as the end of the process would; for tests. */
    void kill();

    /** Notes that the broker has closed all partitions' logs, so that a failure of the machine can lose no record. */
    void logsAreClosed();

    @Override
    void close();
}
