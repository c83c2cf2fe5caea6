package io.aeon.metadata.node;

import io.aeon.config.AeonSettings;
import io.aeon.metadata.Controller;
import io.aeon.metadata.QuorumView;
import io.aeon.metadata.TopicConfigs;
import io.aeon.metadata.controller.LocalController;
import io.aeon.metadata.directory.MetadataEnvironment;
import io.aeon.metadata.directory.NewerFormatException;
import io.aeon.metadata.directory.RunMark;
import io.aeon.metadata.engine.Engine;
import io.aeon.metadata.engine.EngineMetadata;
import io.aeon.metadata.image.FeatureLevels;
import io.aeon.metadata.membership.LocalBroker;
import io.aeon.metadata.membership.Registration;
import io.aeon.metadata.raft.EngineFaults;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;

/** The metadata of a node alone: Kafka's own quorum controller in this JVM, with this broker as its only client. */
public final class KRaft extends EngineMetadata {
    private static final int START_TIMEOUT_S = 60;

    private final LocalBroker broker;
    private final Controller controller;

    private KRaft(
            AeonSettings settings,
            Engine engine,
            LocalBroker broker,
            TopicConfigs topicConfigs,
            CompletableFuture<Void> joined) {
        super(settings.nodeId(), engine, topicConfigs);
        this.broker = broker;
        this.controller = new LocalController(settings.nodeId(), engine.dynamic(), engine, joined);
    }

    /**
     * Starts the engine and formats the data directories that are empty. Returns as soon as {@link #image} can be
     * served. On a restart this is before changes are possible; changes wait until then.
     *
     * @param dataDirs the data directories of the settings that can be used; the first one holds the metadata log
     * @param abandoned ends the start when it fails
     * @param onFatal called once, on a thread of the engine, after a fatal fault; the caller then has to close this
     *     object
     * @throws RuntimeException the engine did not start; none of its parts is left running
     */
    public static KRaft start(
            AeonSettings settings,
            List<Path> dataDirs,
            CompletableFuture<Void> abandoned,
            Consumer<Throwable> onFatal) {
        return start(settings, dataDirs, MetadataEnvironment.of(LogFiles.disk()), new EngineFaults(abandoned, onFatal));
    }

    /**
     * Lets the next start find that the machine has failed while a broker ran on {@code dataDir}, if the failure can
     * have lost records.
     */
    public static void machineFails(Path dataDir) throws IOException {
        RunMark.machineFails(dataDir);
    }

    static KRaft start(
            AeonSettings settings, List<Path> dataDirs, MetadataEnvironment environment, EngineFaults faults) {
        TopicConfigs topicConfigs = new TopicConfigs(settings.nodeId(), settings.kafka());
        try {
            Engine engine = new Engine(settings, dataDirs, Optional.empty(), environment, topicConfigs, faults);
            try {
                LocalBroker broker = broker(settings, engine, environment);
                CompletableFuture<Void> joined = join(engine, broker);
                CompletableFuture.anyOf(serving(engine, broker, joined), faults.endOfStart())
                        .get(START_TIMEOUT_S, TimeUnit.SECONDS);
                return new KRaft(settings, engine, broker, topicConfigs, joined);
            } catch (TimeoutException e) {
                engine.close();
                throw new ConfigException("The metadata quorum has had no leader for " + START_TIMEOUT_S
                        + " s. A node of a cluster of several controllers does not start alone: give it its controller"
                        + " listener again (aeon.listeners.controller).");
            } catch (Exception e) {
                engine.close();
                throw e;
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            if (faults.haveOccurred()) {
                requireReadable(settings, e);
            }
            throw new IllegalStateException("The metadata engine did not start", e);
        }
    }

    /** A fault that comes from no disk comes from the records. */
    private static void requireReadable(AeonSettings settings, Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (!(root instanceof IOException || root instanceof StorageException)) {
            throw new NewerFormatException("The metadata in " + settings.dataDir() + " cannot be read: "
                    + root.getMessage() + "; a newer program may have used the data directory: start that one");
        }
    }

    private static LocalBroker broker(AeonSettings settings, Engine engine, MetadataEnvironment environment) {
        Registration registration = new Registration(
                settings.nodeId(),
                settings.rack(),
                engine.directory().clusterId(),
                engine.directoryIds().values(),
                settings.listeners().values(),
                FeatureLevels.OF_CONTROLLER);
        return new LocalBroker(settings.nodeId(), registration, engine.controller(), engine.scheduler(), environment);
    }

    /** Registers the broker; completes when the controller accepts changes from it. */
    private static CompletableFuture<Void> join(Engine engine, LocalBroker broker) {
        return broker.join(engine.images(), engine.mark().machineFailed()).whenComplete((ok, failure) -> {
            if (failure != null && !engine.isClosing()) {
                throw engine.fatal().handleFault("This broker could not be registered", failure);
            }
        });
    }

    /**
     * Completes when the image shows this broker in service, with new leader epochs if the logs may have lost records.
     * Fails if {@code joined} fails.
     */
    private static CompletableFuture<?> serving(Engine engine, LocalBroker broker, CompletableFuture<Void> joined) {
        CompletableFuture<?> serving = engine.mark().machineFailed()
                ? joined.thenCompose(engine::whenVisible)
                : engine.images().when(broker::serves);
        return CompletableFuture.anyOf(serving, joined.thenCompose(ok -> serving))
                .thenRun(engine::settle);
    }

    @Override
    public QuorumView quorum() {
        return engine().raft().view(true);
    }

    @Override
    public Controller controller() {
        return controller;
    }

    /** The broker is in service already: its clients are told the address to which they have connected. */
    @Override
    public CompletableFuture<Void> serve(Map<String, InetSocketAddress> bound) {
        return CompletableFuture.completedFuture(null);
    }

    /** No other node could lead the partitions, and this one leads them again as soon as the directory takes writes. */
    @Override
    public void directoryFailed(Uuid id) {}

    /** Takes the broker out of service for a moment, so that every partition gets a new leader epoch. */
    public CompletableFuture<Void> renewLeaderEpochs() {
        return broker.join(engine().images(), true).thenCompose(engine()::whenVisible);
    }

    /** There is no other node to which this broker's partitions could go. */
    @Override
    public void leave(Duration timeout) {}

    /** There is no other node. */
    @Override
    public void kill() {}

    @Override
    public void logsAreClosed() {
        engine().logsAreClosed();
    }

    @Override
    public void close() {
        engine().close();
    }
}
