package io.aeon.metadata.engine;

import io.aeon.config.KafkaSettings;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.FeatureRange;
import io.aeon.metadata.ImageChange;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.TopicConfigs;
import io.aeon.metadata.image.FeatureLevels;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;

/** What an engine tells of the metadata, whoever asks. */
public abstract class EngineMetadata implements Metadata {
    private final int nodeId;
    private final Engine engine;
    private final TopicConfigs topicConfigs;

    public EngineMetadata(int nodeId, Engine engine, TopicConfigs topicConfigs) {
        this.nodeId = nodeId;
        this.engine = engine;
        this.topicConfigs = topicConfigs;
    }

    protected final Engine engine() {
        return engine;
    }

    @Override
    public final int nodeId() {
        return nodeId;
    }

    @Override
    public final Map<Path, Uuid> directoryIds() {
        return engine.directoryIds();
    }

    @Override
    public final ClusterImage image() {
        return engine.images().latest();
    }

    @Override
    public final Map<String, FeatureRange> supportedFeatures() {
        return FeatureLevels.supported();
    }

    @Override
    public final KafkaSettings settings() {
        return engine.dynamic().current();
    }

    @Override
    public final TopicConfigs topicConfigs() {
        return topicConfigs;
    }

    @Override
    public final void subscribe(Consumer<ImageChange> listener) {
        engine.images().subscribe(listener);
    }
}
