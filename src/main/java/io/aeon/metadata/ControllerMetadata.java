package io.aeon.metadata;

import io.aeon.config.KafkaSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;

/**
 * The metadata of a node with its own controller, whether that is the active one or not. The life of the node is not
 * controlled here.
 */
record ControllerMetadata(
        int nodeId,
        Map<Path, Uuid> directoryIds,
        Images images,
        DynamicSettings dynamic,
        TopicConfigs topicConfigs,
        Controller controller)
        implements Metadata {
    @Override
    public ClusterImage image() {
        return images.latest();
    }

    @Override
    public Map<String, FeatureRange> supportedFeatures() {
        return FeatureLevels.supported();
    }

    @Override
    public KafkaSettings settings() {
        return dynamic.current();
    }

    @Override
    public void subscribe(Consumer<ImageChange> listener) {
        images.subscribe(listener);
    }

    @Override
    public CompletableFuture<Void> serve(Map<String, InetSocketAddress> bound) {
        throw new UnsupportedOperationException("A controller's clients do not control its node");
    }

    @Override
    public void directoryFailed(Uuid id) {
        throw new UnsupportedOperationException("A controller's clients do not control its node");
    }

    @Override
    public void leave(Duration timeout) {
        throw new UnsupportedOperationException("A controller's clients do not control its node");
    }

    @Override
    public void logsAreClosed() {}

    @Override
    public void close() {}
}
