package io.aeon.metadata.engine;

import io.aeon.config.AeonSettings;
import io.aeon.metadata.TopicConfigs;
import io.aeon.metadata.channel.ClusterId;
import io.aeon.metadata.configs.DynamicSettings;
import io.aeon.metadata.directory.DirectoryIds;
import io.aeon.metadata.directory.MetadataDirectory;
import io.aeon.metadata.directory.MetadataEnvironment;
import io.aeon.metadata.directory.PatientWrites;
import io.aeon.metadata.directory.RunMark;
import io.aeon.metadata.image.ImageLoader;
import io.aeon.metadata.image.Images;
import io.aeon.metadata.log.MetadataLog;
import io.aeon.metadata.raft.EngineFaults;
import io.aeon.metadata.raft.QuorumMembership;
import io.aeon.metadata.raft.RaftNode;
import io.aeon.metadata.raft.VoterIds;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.controller.QuorumController;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.apache.kafka.server.fault.FaultHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running parts of the metadata engine, in the order in which they start and stop. */
public final class Engine implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(Engine.class);

    private static final long RESERVE_CHECK_MS = 1000;
    private static final long ACTIVE_CHECK_MS = 5;
    private static final Duration WRITE_PAUSE = Duration.ofMillis(500);

    private final AeonSettings settings;
    private final Time time;
    private final TopicConfigs topicConfigs;
    private final EngineFaults faults;
    private final String threadPrefix;
    private final MetadataDirectory directory;
    private final Map<Path, Uuid> directoryIds;
    private final Images images;
    private final DynamicSettings dynamic;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final ScheduledExecutorService scheduler;
    private final PatientWrites writes = new PatientWrites(WRITE_PAUSE);
    private final MetadataLog log;
    private final RaftNode raft;
    private final @Nullable QuorumController controller;
    private final ImageLoader loader;
    private final RunMark mark;
    private volatile boolean closing;

    /**
     * Opens the data directories, starts to replay the metadata log and creates all parts. The controller is created on
     * another thread, because that mostly loads classes while this thread waits for the disk.
     *
     * @param dataDirs the data directories that can be used, the first one with the metadata log first
     * @param address the address at which other nodes reach this node's controller; empty if they do not
     */
    public Engine(
            AeonSettings settings,
            List<Path> dataDirs,
            Optional<InetSocketAddress> address,
            MetadataEnvironment environment,
            TopicConfigs topicConfigs,
            EngineFaults faults)
            throws Exception {
        this.settings = settings;
        this.time = environment.time();
        this.topicConfigs = topicConfigs;
        this.faults = faults;
        this.threadPrefix = "aeon-" + settings.nodeId() + "-";
        this.directory = open(environment, address);
        this.directoryIds = DirectoryIds.of(directory, dataDirs, settings.nodeId(), environment);
        this.dynamic = new DynamicSettings(settings.nodeId(), settings.kafka());
        this.images = new Images(directory.clusterId(), dynamic::apply);
        this.mark =
                RunMark.find(environment, settings.dataDir(), settings.flush().mode());
        try {
            this.scheduler = startScheduler();
            this.log = running(new MetadataLog(directory.log(), environment.files(), environment.clock(), writes));
            this.raft = running(new RaftNode(
                    settings.nodeId(),
                    directory,
                    log,
                    writes,
                    environment,
                    membership(address),
                    this::turn,
                    scheduler,
                    faults.fatal()));
            this.controller = startRaft();
            this.loader = loadImages();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    public Time time() {
        return time;
    }

    public Map<Path, Uuid> directoryIds() {
        return directoryIds;
    }

    public Images images() {
        return images;
    }

    public DynamicSettings dynamic() {
        return dynamic;
    }

    public QuorumController controller() {
        return Objects.requireNonNull(controller);
    }

    public MetadataDirectory directory() {
        return directory;
    }

    public RaftNode raft() {
        return raft;
    }

    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    public FaultHandler fatal() {
        return faults.fatal();
    }

    public RunMark mark() {
        return mark;
    }

    public boolean isClosing() {
        return closing;
    }

    /**
     * The start is over. From here on, disk space is reserved, refused writes are repeated and fatal faults are logged.
     */
    public void settle() {
        faults.started();
        mark.serving();
        writes.beginToWait();
        var unused = scheduler.scheduleWithFixedDelay(log::keepReserve, 0, RESERVE_CHECK_MS, TimeUnit.MILLISECONDS);
    }

    /** Runs a change by the controller; fails while the disk refuses metadata writes. */
    public <T> CompletableFuture<T> unlessRefused(Supplier<CompletableFuture<T>> change) {
        return writes.unlessRefused(change);
    }

    /** Completes with {@code result} once the image contains all records that are committed now. */
    public <T> CompletableFuture<T> whenVisible(T result) {
        long committed = raft.highWatermark().orElse(0) - 1;
        return images.when(image -> image.offset() >= committed).thenApply(image -> result);
    }

    /** Whether this node's controller is the active one; completes once the quorum has a leader. */
    public CompletableFuture<Boolean> whenActive() {
        CompletableFuture<Boolean> active = new CompletableFuture<>();
        checkActive(active);
        return active;
    }

    private void checkActive(CompletableFuture<Boolean> active) {
        LeaderAndEpoch leader = raft.client().leaderAndEpoch();
        if (leader.leaderId().isPresent() && !leader.isLeader(settings.nodeId())) {
            active.complete(false);
        } else if (controller().curClaimEpoch() >= 0) {
            active.complete(true);
        } else {
            var unused = scheduler.schedule(() -> checkActive(active), ACTIVE_CHECK_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** All partitions' logs are closed, so that a failure of the machine can lose no record of this run. */
    public void logsAreClosed() {
        try {
            mark.stopped();
        } catch (IOException e) {
            logger.warn("The run mark is left: after a reboot the next start assumes a failed machine", e);
        }
    }

    /** From now on, faults are consequences of the stop, and a write that the disk refuses fails. */
    public void beginToStop() {
        closing = true;
        faults.expected();
        writes.close();
    }

    @Override
    public void close() {
        beginToStop();
        while (!running.isEmpty()) {
            Utils.closeQuietly(running.pop(), "metadata engine");
        }
    }

    private <T extends AutoCloseable> T running(T part) {
        running.push(part);
        return part;
    }

    private ScheduledExecutorService startScheduler() {
        MetadataScheduler started = new MetadataScheduler(threadPrefix);
        running.push(started::stop);
        return started.executor();
    }

    /** Number of the other controllers that ask for votes before this one when {@code leader} is gone. */
    private int turn(int leader) {
        return (int) images.latest().kafka().cluster().controllers().keySet().stream()
                .filter(id -> id != leader && id < settings.nodeId())
                .count();
    }

    private MetadataDirectory open(MetadataEnvironment environment, Optional<InetSocketAddress> address) {
        ClusterId clusterId = new ClusterId(settings.quorum(), time, environment.uuids());
        MetadataDirectory opened = MetadataDirectory.open(
                settings.dataDir(),
                settings.nodeId(),
                environment,
                () -> clusterId.ofNewDirectory(faults.endOfStart()));
        clusterId.require(opened.clusterId(), "The data directory " + settings.dataDir());
        address.ifPresent(own -> VoterIds.requireOwn(settings, opened.directoryId(), own, time));
        return opened;
    }

    private QuorumMembership membership(Optional<InetSocketAddress> address) {
        return settings.quorum().isAlone()
                ? QuorumMembership.alone(settings.nodeId())
                : QuorumMembership.of(settings, address, time, scheduler);
    }

    /** The controller; null if this node is only a broker. */
    private @Nullable QuorumController startRaft() {
        if (!settings.quorum().hasController()) {
            raft.start();
            return null;
        }
        CompletableFuture<QuorumController> making = CompletableFuture.supplyAsync(this::makeController, scheduler);
        try {
            raft.start();
        } finally {
            running(making.join());
        }
        return making.join();
    }

    private ImageLoader loadImages() throws Exception {
        return running(new ImageLoader(settings.nodeId(), threadPrefix, time, raft, faults, images));
    }

    private QuorumController makeController() {
        return new ControllerSetup(settings, threadPrefix, directory, time, topicConfigs, images, faults)
                .make(raft.client());
    }

    /** Adds a publisher of the metadata, which is closed with the engine. */
    public void publishTo(MetadataPublisher publisher) {
        loader.add(publisher);
    }
}
