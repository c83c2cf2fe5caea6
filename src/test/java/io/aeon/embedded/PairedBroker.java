package io.aeon.embedded;

import io.aeon.api.telemetry.LatestClientMetrics;
import io.aeon.config.AeonSettings;
import io.aeon.metadata.engine.PlayedBroker;
import io.aeon.metadata.node.Engines;
import io.aeon.metadata.node.KRaft;
import io.aeon.network.Listeners;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A broker with the node id 1 in whose cluster the broker with the node id 2 is played by a test. */
final class PairedBroker implements AutoCloseable {
    static final int SELF = 1;
    static final int OTHER = 2;

    private final KRaft metadata;
    private final Actors actors;
    private final Listeners listeners;
    private long othersEpoch = -1;

    private PairedBroker(KRaft metadata, Actors actors, Listeners listeners) {
        this.metadata = metadata;
        this.actors = actors;
        this.listeners = listeners;
    }

    /** @param othersPort the port at which the other broker is registered */
    static PairedBroker start(Path dir, int othersPort, Map<String, ?> given) {
        PairedBroker broker = startAgain(dir, given);
        broker.othersEpoch = PlayedBroker.join(broker.metadata, OTHER, othersPort);
        return broker;
    }

    /** Starts from the data of an earlier one; the other broker is still registered. */
    static PairedBroker startAgain(Path dir, Map<String, ?> given) {
        Map<String, Object> all = new HashMap<>(given);
        all.put("aeon.listeners.client.port", 0);
        AeonSettings settings = Engines.settings(dir, all);
        KRaft metadata = Engines.start(settings);
        Actors actors = Actors.start(
                settings,
                CompletableFuture.completedFuture(metadata),
                new LogEnvironment(Clock.systemUTC(), new MapBudget(100), LogFiles.disk()),
                MovableClock::machine,
                failure -> {});
        var services = actors.services();
        LatestClientMetrics clientMetrics = new LatestClientMetrics(1 << 20, Clock.systemUTC());
        Listeners listeners = Listeners.bind(
                        actors.system(),
                        settings,
                        metadata::settings,
                        () -> 1000,
                        new Apis(settings, metadata, services, clientMetrics, Clock.systemUTC()).table(),
                        any -> true,
                        services.blocking())
                .toCompletableFuture()
                .join();
        return new PairedBroker(metadata, actors, listeners);
    }

    int port() {
        return listeners.addresses().get("client").getPort();
    }

    /** The broker epoch of the played broker. */
    long othersEpoch() {
        return othersEpoch;
    }

    @Override
    public void close() {
        listeners.close().toCompletableFuture().join();
        actors.close();
        metadata.close();
    }
}
