package io.aeon.metadata.controller;

import io.aeon.metadata.Controller;
import io.aeon.metadata.TopicConfigs;
import io.aeon.metadata.configs.BrokerChanges;
import io.aeon.metadata.engine.Engine;
import io.aeon.metadata.engine.EngineMetadata;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;

/**
 * The metadata of a node with its own controller, whether that is the active one or not. The life of the node is not
 * controlled here.
 */
final class ControllerMetadata extends EngineMetadata {
    private final Controller controller;

    ControllerMetadata(int nodeId, Engine engine, TopicConfigs topicConfigs) {
        super(nodeId, engine, topicConfigs);
        this.controller = new LocalController(
                nodeId, BrokerChanges.AT_CONTROLLER, engine, CompletableFuture.completedFuture(null));
    }

    @Override
    public Controller controller() {
        return controller;
    }

    @Override
    public CompletableFuture<Void> serve(Map<String, InetSocketAddress> bound) {
        throw notHere();
    }

    @Override
    public void directoryFailed(Uuid id) {
        throw notHere();
    }

    @Override
    public void leave(Duration timeout) {
        throw notHere();
    }

    @Override
    public void kill() {
        throw notHere();
    }

    private static UnsupportedOperationException notHere() {
        return new UnsupportedOperationException("A controller's clients do not control its node");
    }

    @Override
    public void logsAreClosed() {}

    @Override
    public void close() {}
}
