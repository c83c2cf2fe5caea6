package io.aeon.metadata;

import io.aeon.config.AeonSettings;
import io.aeon.config.KafkaSettings;
import io.aeon.storage.file.LogFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;

/** Kafka's own quorum controller, embedded in this JVM, with this broker as its only client. */
public final class KRaft implements Metadata {
    private static final int START_TIMEOUT_S = 60;

    private final int nodeId;
    private final Engine engine;
    private final TopicConfigs topicConfigs;
    private final Controller controller;

    private KRaft(AeonSettings settings, Engine engine, TopicConfigs topicConfigs, CompletableFuture<Void> joined) {
        this.nodeId = settings.nodeId();
        this.engine = engine;
        this.topicConfigs = topicConfigs;
        this.controller = new LocalController(nodeId, engine, joined);
    }

    /**
     * Starts the engine and formats the data directories that are empty. Returns as soon as {@link #image} can be
     * served. On a restart this is before changes are possible; changes wait until then.
     *
     * @param dataDirs the data directories of the settings that can be used; the first one holds the metadata log
     * @param onFatal called once, on a thread of the engine, after a fatal fault; the caller then has to close this
     *     object
     * @throws RuntimeException the engine did not start; none of its parts is left running
     */
    public static KRaft start(AeonSettings settings, List<Path> dataDirs, Consumer<Throwable> onFatal) {
        return start(settings, dataDirs, MetadataEnvironment.of(LogFiles.disk()), onFatal);
    }

    static KRaft start(
            AeonSettings settings, List<Path> dataDirs, MetadataEnvironment environment, Consumer<Throwable> onFatal) {
        TopicConfigs topicConfigs = new TopicConfigs(settings.nodeId(), settings.kafka());
        try {
            Engine engine = new Engine(settings, dataDirs, environment, topicConfigs, new EngineFaults(onFatal));
            try {
                CompletableFuture<Void> joined = engine.join();
                engine.serving(joined).get(START_TIMEOUT_S, TimeUnit.SECONDS);
                return new KRaft(settings, engine, topicConfigs, joined);
            } catch (Exception e) {
                engine.close();
                throw e;
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The metadata engine did not start", e);
        }
    }

    @Override
    public int nodeId() {
        return nodeId;
    }

    @Override
    public Map<Path, Uuid> directoryIds() {
        return engine.directoryIds();
    }

    @Override
    public ClusterImage image() {
        return engine.images().latest();
    }

    @Override
    public Map<String, FeatureRange> supportedFeatures() {
        return FeatureLevels.supported();
    }

    @Override
    public KafkaSettings settings() {
        return engine.dynamic().current();
    }

    @Override
    public TopicConfigs topicConfigs() {
        return topicConfigs;
    }

    @Override
    public void subscribe(Consumer<ImageChange> listener) {
        engine.images().subscribe(listener);
    }

    @Override
    public Controller controller() {
        return controller;
    }

    @Override
    public void logsAreClosed() {
        engine.logsAreClosed();
    }

    @Override
    public void close() {
        engine.close();
    }
}
