package io.aeon.metadata.node;

import io.aeon.config.AeonSettings;
import io.aeon.config.KafkaSettings;
import io.aeon.metadata.Controller;
import io.aeon.metadata.QuorumNode;
import io.aeon.metadata.QuorumView;
import io.aeon.metadata.TopicConfigs;
import io.aeon.metadata.channel.BrokerCalls;
import io.aeon.metadata.channel.ControllerChannel;
import io.aeon.metadata.controller.BrokerFencing;
import io.aeon.metadata.controller.ControllerAnnouncement;
import io.aeon.metadata.controller.ControllerNodes;
import io.aeon.metadata.controller.EngineQuorumNode;
import io.aeon.metadata.controller.RemoteController;
import io.aeon.metadata.controller.SessionClock;
import io.aeon.metadata.directory.BrokerEpochFile;
import io.aeon.metadata.directory.MetadataEnvironment;
import io.aeon.metadata.engine.Engine;
import io.aeon.metadata.engine.EngineMetadata;
import io.aeon.metadata.image.FeatureLevels;
import io.aeon.metadata.image.KRaftImage;
import io.aeon.metadata.membership.BrokerLifecycle.Pace;
import io.aeon.metadata.membership.ClusterBroker;
import io.aeon.metadata.membership.Registration;
import io.aeon.metadata.raft.EngineFaults;
import io.aeon.metadata.raft.LeaderChanges;
import io.aeon.storage.file.LogFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metadata of a node of a cluster of several nodes: broker, and controller too if the settings say so. */
public final class ClusterNode extends EngineMetadata {
    private static final Logger logger = LoggerFactory.getLogger(ClusterNode.class);
    private static final int START_TIMEOUT_S = 60;
    private static final long FIRST_RETRY_MS = 50;
    private static final long LAST_RETRY_MS = 1000;
    private static final int ANSWER_MS = 30_000;

    private final AeonSettings settings;
    private final MetadataEnvironment environment;
    private final CompletableFuture<?> endOfStart;
    private final ControllerChannel channel;
    /** Apart from other requests, so that none of them delays a heartbeat. */
    private final ControllerChannel ownChannel;

    private final BrokerCalls calls;
    private final BrokerEpochFile epochs;
    private final ClusterBroker broker;
    private final Controller controller;

    private ClusterNode(
            AeonSettings settings,
            MetadataEnvironment environment,
            CompletableFuture<?> endOfStart,
            Engine engine,
            TopicConfigs topicConfigs) {
        super(settings.nodeId(), engine, topicConfigs);
        this.settings = settings;
        this.environment = environment;
        this.endOfStart = endOfStart;
        KafkaSettings kafka = settings.kafka();
        int sessionMs = kafka.getInt("broker.session.timeout.ms");
        this.channel = channel("requests", ANSWER_MS);
        this.ownChannel = channel("heartbeats", sessionMs / 2);
        engine.publishTo(new LeaderChanges(() -> {
            channel.leaderChanged();
            ownChannel.leaderChanged();
        }));
        this.calls = new BrokerCalls(ownChannel, sessionMs / 2);
        this.epochs = new BrokerEpochFile(environment.files(), settings.dataDir());
        this.broker = new ClusterBroker(
                settings.nodeId(),
                new Pace(FIRST_RETRY_MS, LAST_RETRY_MS, kafka.getInt("broker.heartbeat.interval.ms")),
                sessionMs,
                calls,
                engine.images(),
                epochs,
                engine.scheduler(),
                environment.time(),
                engine.fatal());
        this.controller = new RemoteController(
                settings.nodeId(),
                broker::epoch,
                kafka.getInt("num.partitions"),
                channel,
                engine.images(),
                engine.dynamic(),
                environment.time());
    }

    private ControllerChannel channel(String name, int answerMs) {
        ControllerNodes controllers = new ControllerNodes(engine().raft().client(), engine().images()::latest);
        return new ControllerChannel(
                "aeon-" + settings.nodeId() + "-" + name,
                controllers::active,
                answerMs,
                engine().scheduler(),
                environment.time());
    }

    /**
     * Starts the node and formats its data directory if that is empty, for a new cluster or for the one that it joins.
     * Returns when this node has all metadata that was committed in the meantime; the broker is not in service yet.
     *
     * @param dataDirs the data directories that can be used
     * @param address the address at which other nodes reach this node's controller; empty if it is only a broker
     * @param onController called with this node's controller as soon as other nodes can use it, if it has one
     * @param abandoned ends the start, including {@link #serve}, when it fails
     * @param onFatal called once, on a thread of the engine, after a fatal fault; the caller then has to close this
     *     object
     * @throws RuntimeException the node did not start; none of its parts is left running
     */
    public static ClusterNode start(
            AeonSettings settings,
            List<Path> dataDirs,
            Optional<InetSocketAddress> address,
            Consumer<QuorumNode> onController,
            CompletableFuture<Void> abandoned,
            Consumer<Throwable> onFatal) {
        return start(settings, dataDirs, LogFiles.disk(), address, onController, new EngineFaults(abandoned, onFatal));
    }

    static ClusterNode start(
            AeonSettings settings,
            List<Path> dataDirs,
            LogFiles files,
            Optional<InetSocketAddress> address,
            Consumer<QuorumNode> onController,
            EngineFaults faults) {
        SessionClock clock = new SessionClock(Time.SYSTEM);
        MetadataEnvironment environment = new MetadataEnvironment(files, clock, Uuid::randomUuid);
        TopicConfigs topicConfigs = new TopicConfigs(settings.nodeId(), settings.kafka());
        Engine engine;
        try {
            engine = new Engine(settings, dataDirs, address, environment, topicConfigs, faults);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The metadata engine did not start", e);
        }
        ClusterNode node = new ClusterNode(settings, environment, faults.endOfStart(), engine, topicConfigs);
        try {
            address.ifPresent(at -> node.startController(at, clock, onController));
            node.catchUp();
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private void startController(InetSocketAddress address, SessionClock clock, Consumer<QuorumNode> onController) {
        BrokerFencing fencing = new BrokerFencing(
                settings.nodeId(),
                settings.listenersForNodes(),
                engine(),
                clock,
                TimeUnit.MILLISECONDS.toNanos(settings.kafka().getInt("broker.session.timeout.ms")));
        onController.accept(new EngineQuorumNode(engine(), topicConfigs(), fencing));
        engine().publishTo(fencing);
        ControllerAnnouncement announcement = new ControllerAnnouncement(
                settings.nodeId(),
                environment.uuids().get(),
                address,
                FeatureLevels.OF_CONTROLLER,
                calls,
                engine().scheduler());
        announcement.make();
        engine().publishTo(announcement);
    }

    /** The first image that the engine loads has all that was committed before. */
    private void catchUp() {
        CompletableFuture<KRaftImage> first =
                engine().images().when(image -> !image.kafka().features().isEmpty());
        boolean founds = settings.quorum().join().isEmpty();
        CompletableFuture<?> ready = founds ? first.thenCompose(image -> Founding.letVotersJoin(engine())) : first;
        await(
                CompletableFuture.anyOf(ready, endOfStart),
                START_TIMEOUT_S,
                "The metadata quorum has no leader, or this node cannot reach it: start more of its controllers, or"
                        + " check the addresses of aeon.join");
        FeatureLevels.requireSupported(image().finalizedFeatures());
    }

    private static void await(CompletableFuture<?> done, long seconds, String otherwise) {
        try {
            done.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new ConfigException(otherwise + " (waited " + seconds + " s).");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The start was interrupted", e);
        }
    }

    @Override
    public QuorumView quorum() {
        return engine().raft().view(settings.quorum().hasController());
    }

    /** Not the epoch in the image, which may be that of another process. */
    @Override
    public long brokerEpoch() {
        return broker.epoch();
    }

    @Override
    public Controller controller() {
        return controller;
    }

    /** Fails with {@link ConfigException} if the cluster refuses the broker, or does not register it in time. */
    @Override
    public CompletableFuture<Void> serve(Map<String, InetSocketAddress> bound) {
        Registration registration = new Registration(
                settings.nodeId(),
                settings.rack(),
                engine().directory().clusterId(),
                engine().directoryIds().values(),
                settings.listeners().values(),
                FeatureLevels.OF_CLUSTER_BROKER);
        long previous = engine().mark().machineFailed() ? -1 : epochs.read();
        engine().mark().registering();
        CompletableFuture<Void> served = broker.serve(
                        registration.request(environment.uuids().get(), bound).setPreviousBrokerEpoch(previous),
                        settings.kafka().getInt("initial.broker.registration.timeout.ms"))
                .thenRun(engine()::settle);
        return CompletableFuture.anyOf(served, endOfStart).thenAccept(done -> {});
    }

    /** Without another broker nobody else could lead the partitions. */
    @Override
    public void directoryFailed(Uuid id) {
        if (image().brokers().size() > 1) {
            broker.directoryFailed(id);
        }
    }

    @Override
    public void leave(Duration timeout) {
        boolean hasController = true;
        try {
            hasController = broker.leave().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            logger.warn(
                    "Broker {} stops although the cluster has not moved its partitions to other brokers within {}",
                    settings.nodeId(),
                    timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        engine().beginToStop();
        if (hasController) {
            engine().raft().close();
        } else {
            engine().raft().kill();
        }
    }

    @Override
    public void kill() {
        engine().beginToStop();
        ownChannel.close();
        channel.close();
        engine().raft().kill();
    }

    @Override
    public void logsAreClosed() {
        engine().logsAreClosed();
    }

    @Override
    public void close() {
        channel.close();
        ownChannel.close();
        engine().close();
    }
}
