package io.aeon.embedded;

import com.typesafe.config.ConfigUtil;
import io.aeon.api.ApiTable;
import io.aeon.api.telemetry.LatestClientMetrics;
import io.aeon.broker.BrokerServices;
import io.aeon.config.AeonSettings;
import io.aeon.console.BrokerHealth;
import io.aeon.console.Console;
import io.aeon.console.HealthChecks;
import io.aeon.console.Traffic;
import io.aeon.console.http.Routes;
import io.aeon.counters.TopicTraffic;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.QuorumNode;
import io.aeon.metrics.Metrics;
import io.aeon.metrics.MetricsPage;
import io.aeon.network.FreePorts;
import io.aeon.network.ListenerException;
import io.aeon.network.Listeners;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.MapBudget;
import io.aeon.threads.PooledActorSystem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.BrokerNotAvailableException;

/**
 * Creates the parts of a broker in start order. Each part is closed before the parts that it depends on.
 *
 * @param addresses address of each listener for clients by the listener's name
 * @param controller address by which other nodes reach this node's controller; empty if they do not
 * @param http the HTTP port, which may not be open yet
 * @param insides what the control of a broker in a test reaches
 * @param gaveUp completes exceptionally if the broker has a fatal error; otherwise it never completes
 */
record Wiring(
        Map<String, InetSocketAddress> addresses,
        Optional<InetSocketAddress> controller,
        LatestClientMetrics clientMetrics,
        Metrics metrics,
        HttpStart http,
        Insides insides,
        CompletableFuture<Void> gaveUp) {
    /** The parts that a test can act on. */
    record Insides(
            AeonSettings settings, Actors actors, BrokerServices services, Metadata metadata, Listeners listeners) {}

    /** All metrics of clients together take at most this part of the largest heap. */
    private static final int PART_FOR_CLIENT_METRICS = 32;

    /**
     * Extra time for the actors, so that the log first names the partitions that do not close and only then the actor
     * system.
     */
    private static final Duration AFTER_THE_LOGS = Duration.ofSeconds(5);

    /**
     * @param parts receives each part as soon as it is open
     */
    static Wiring of(AeonSettings settings, Surroundings surroundings, OpenParts parts) {
        CompletableFuture<Void> gaveUp = new CompletableFuture<>();
        requireFreePorts(settings);
        parts.closeWithin(
                settings.stopTimeout().plus(settings.network().drainTimeout()).plus(AFTER_THE_LOGS));
        List<Path> dataDirs = DirectoryClaims.of(settings.dataDirs(), parts);
        NativeLibraries.findRoom(settings.dataDir());
        MetadataStart metadataStart = parts.opened(
                "metadata engine",
                new MetadataStart(settings, dataDirs, parts.abandoned(), gaveUp::completeExceptionally));
        parts.atCleanStop("run mark", metadataStart::logsAreClosed);
        if (settings.quorum().isAlone()) {
            metadataStart.begin();
        }
        MapBudget segments = new MapBudget(Descriptors.ofSegments());
        IntSupplier descriptors = Descriptors.ofConnections(segments);
        Actors actors = parts.opened("actor system", actors(settings, metadataStart, segments, surroundings, gaveUp));
        Optional<InetSocketAddress> controller = settings.quorum().isAlone()
                ? Optional.empty()
                : beginInCluster(settings, metadataStart, actors, descriptors, parts);
        Metadata metadata = metadataStart.await();
        actors.ended()
                .thenRun(() -> gaveUp.completeExceptionally(new IllegalStateException("the actors have stopped")));
        BrokerServices services = actors.services();
        LatestClientMetrics clientMetrics = clientMetrics(surroundings.clock());
        Apis apis = new Apis(settings, metadata, services, clientMetrics, surroundings.clock());
        ApiTable table = surroundings.around(apis.table(), metadata, services.timer());
        Listeners listeners =
                bind(actors, settings, metadata, descriptors, table, apis.connectionQuota(), services.blocking());
        parts.opened("network", () -> listeners.close().toCompletableFuture().join());
        parts.atCleanStop("membership of the cluster", () -> metadata.leave(settings.stopTimeout()));
        MetadataStart.await(metadata.serve(listeners.addresses()));
        Metrics metrics = metrics(metadata, services, table, listeners, actors);
        HttpStart http = parts.opened(
                "console",
                HttpStart.begin(settings, () -> routes(settings, listeners.addresses(), metadata, services, metrics)));
        Insides insides = new Insides(settings, actors, services, metadata, listeners);
        return new Wiring(listeners.addresses(), controller, clientMetrics, metrics, http, insides, gaveUp);
    }

    /** The settings with which another start listens on the ports of this one. */
    Map<String, Object> ports() {
        Map<String, Object> ports = new HashMap<>();
        addresses.forEach((name, address) -> ports.put(port(name), address.getPort()));
        controller.ifPresent(address -> ports.put(port("controller"), address.getPort()));
        return ports;
    }

    private static String port(String listener) {
        return "aeon.listeners." + ConfigUtil.quoteString(listener) + ".port";
    }

    private static Metrics metrics(
            Metadata metadata, BrokerServices services, ApiTable apis, Listeners listeners, Actors actors) {
        return new Metrics(
                metadata,
                services,
                apis.counters(),
                listeners::connections,
                PooledActorSystem.threads(actors.system()));
    }

    private static Routes routes(
            AeonSettings settings,
            Map<String, InetSocketAddress> addresses,
            Metadata metadata,
            BrokerServices services,
            Metrics metrics) {
        Routes routes = new Routes();
        BrokerHealth health = new BrokerHealth(metadata, services.disks(), services.partitions());
        new HealthChecks(health).addTo(routes);
        routes.uses(new Console(
                        settings,
                        metadata,
                        health,
                        OwnAddress.forConsole(settings, addresses),
                        () -> traffic(services),
                        services.timer()))
                .addTo(routes);
        return routes.get("/metrics", new MetricsPage(metrics::scrape));
    }

    private static Traffic traffic(BrokerServices services) {
        TopicTraffic.Totals all = services.counters().all();
        return new Traffic(all.records(), all.bytesIn(), all.bytesOut());
    }

    private static Actors actors(
            AeonSettings settings,
            MetadataStart metadata,
            MapBudget segments,
            Surroundings surroundings,
            CompletableFuture<Void> gaveUp) {
        return Actors.start(
                settings,
                metadata.result(),
                new LogEnvironment(surroundings.clock(), segments, surroundings.files()),
                surroundings.clocks(),
                gaveUp::completeExceptionally);
    }

    private static LatestClientMetrics clientMetrics(Clock clock) {
        return new LatestClientMetrics(Runtime.getRuntime().maxMemory() / PART_FOR_CLIENT_METRICS, clock);
    }

    /** Opens the controller's listener first, because the controller tells other nodes its address. */
    private static Optional<InetSocketAddress> beginInCluster(
            AeonSettings settings,
            MetadataStart metadataStart,
            Actors actors,
            IntSupplier descriptors,
            OpenParts parts) {
        CompletableFuture<QuorumNode> node = new CompletableFuture<>();
        Optional<InetSocketAddress> address = settings.quorum().listener().map(listener -> {
            Listeners opened = bound(Listeners.bind(
                    actors.system(),
                    settings,
                    listener,
                    descriptors,
                    new ControllerApis(settings, node).table(),
                    actors.blocking()));
            parts.opened("controller listener", () -> {
                node.completeExceptionally(new BrokerNotAvailableException("This node is stopping."));
                opened.close().toCompletableFuture().join();
            });
            return listener.reachable(
                    opened.addresses().values().iterator().next().getPort());
        });
        metadataStart.begin(address, node::complete);
        return address;
    }

    private static void requireFreePorts(AeonSettings settings) {
        try {
            FreePorts.require(settings.listeners().values());
            FreePorts.require(settings.quorum().listener().stream().toList());
            if (settings.console().isPortChosen() && !settings.console().isOff()) {
                FreePorts.require(settings.console());
            }
        } catch (ListenerException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Listeners bind(
            Actors actors,
            AeonSettings settings,
            Metadata metadata,
            IntSupplier descriptors,
            ApiTable apis,
            Predicate<InetAddress> connectionQuota,
            Executor blocking) {
        return bound(Listeners.bind(
                actors.system(), settings, metadata::settings, descriptors, apis, connectionQuota, blocking));
    }

    private static Listeners bound(CompletionStage<Listeners> binding) {
        try {
            return binding.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ListenerException refused
                    ? new StartException(String.valueOf(refused.getMessage()), refused)
                    : e;
        }
    }
}
