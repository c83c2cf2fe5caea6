package io.aeon.embedded;

import io.aeon.api.ApiTable;
import io.aeon.config.AeonSettings;
import io.aeon.metadata.Metadata;
import io.aeon.network.FreePorts;
import io.aeon.network.ListenerException;
import io.aeon.network.Listeners;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The parts of a broker, made in the order in which they start; each is closed before what it stands on.
 *
 * @param addresses each listener's address by its name
 * @param gaveUp completed exceptionally if the broker cannot go on by itself, never otherwise
 */
record Wiring(Map<String, InetSocketAddress> addresses, CompletableFuture<Void> gaveUp) {
    /** Logs that do not close in time are named before what holds them is. */
    private static final Duration AFTER_THE_LOGS = Duration.ofSeconds(5);

    /**
     * @param files where the partitions' logs are kept
     * @param parts takes each part as soon as it is open
     */
    static Wiring of(AeonSettings settings, LogFiles files, OpenParts parts) {
        CompletableFuture<Void> gaveUp = new CompletableFuture<>();
        requireFreePorts(settings);
        parts.closeWithin(
                settings.stopTimeout().plus(settings.network().drainTimeout()).plus(AFTER_THE_LOGS));
        Path dataDir = AeonDirectory.require(settings.dataDir());
        parts.openedGround("data directory " + dataDir, DataDirectory.claim(dataDir));
        NativeLibraries.findRoom(settings.dataDir());
        MetadataStart metadataStart =
                parts.opened("metadata engine", MetadataStart.of(settings, gaveUp::completeExceptionally));
        LogEnvironment logs = new LogEnvironment(Clock.systemUTC(), new MapBudget(OpenSegments.limit()), files);
        Actors actors = parts.opened(
                "actor system", Actors.start(settings, metadataStart.result(), logs, gaveUp::completeExceptionally));
        Metadata metadata = metadataStart.await();
        actors.ended()
                .thenRun(() -> gaveUp.completeExceptionally(new IllegalStateException("the actors have stopped")));
        Listeners listeners = bind(actors, settings, new Apis(settings, metadata, actors.services()).table());
        parts.opened("network", () -> listeners.close().toCompletableFuture().join());
        return new Wiring(listeners.addresses(), gaveUp);
    }

    private static void requireFreePorts(AeonSettings settings) {
        try {
            FreePorts.require(settings.listeners().values());
        } catch (ListenerException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Listeners bind(Actors actors, AeonSettings settings, ApiTable apis) {
        try {
            return Listeners.bind(actors.system(), settings, apis)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ListenerException refused
                    ? new StartException(String.valueOf(refused.getMessage()), refused)
                    : e;
        }
    }
}
