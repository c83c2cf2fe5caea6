package io.aeon.embedded;

import io.aeon.api.faults.RequestFaults;
import io.aeon.broker.BrokerGuardian.Upkeep;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.partition.PartitionCommand.Compact;
import io.aeon.broker.partition.Partitions;
import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsException;
import io.aeon.control.BrokerClock;
import io.aeon.control.BrokerControl;
import io.aeon.control.BrokerDisk;
import io.aeon.control.Requests;
import io.aeon.embedded.Wiring.Insides;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.node.KRaft;
import io.aeon.storage.compaction.CompactionNeed;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The world of a broker in a test, which the test controls. Thread-safe. */
final class World implements BrokerControl, AutoCloseable {
    private final RequestFaults faults = new RequestFaults();
    private final MovableClock clock = new MovableClock(() -> perform(Upkeep.CLOCK_MOVED));
    private final DiskFaults diskFaults = new DiskFaults();
    private final UnforcedBytes unforced = new UnforcedBytes();
    private final LogFiles disk;
    private final Function<Map<String, Object>, AeonSettings> settings;
    /** Of the last start. */
    private volatile ControlledFiles files;

    private volatile @Nullable Run run;
    /** How the broker that was killed starts again; null while one runs. */
    private @Nullable Runnable again;

    private volatile boolean closed;

    /** A broker that runs. */
    private record Run(Aeon broker, Wiring wiring) {}

    /**
     * @param disk the files on which faults act
     * @param settings the broker's settings, over which those that it is given have precedence
     */
    World(LogFiles disk, Function<Map<String, Object>, AeonSettings> settings) {
        this.disk = disk;
        this.settings = settings;
        this.files = new ControlledFiles(disk, diskFaults, unforced);
    }

    /** What is around the next run of the broker. */
    Surroundings surroundings() {
        files = new ControlledFiles(disk, diskFaults, unforced);
        return new Surroundings(files, clock, clock::read, faults);
    }

    /** A broker in this world has started. */
    void has(Aeon broker, Wiring wiring) {
        run = new Run(broker, wiring);
    }

    @Override
    public Requests requests(String api) {
        return faults.requests(api);
    }

    @Override
    public BrokerClock clock() {
        return clock;
    }

    @Override
    public void applyRetention() {
        perform(Upkeep.RETENTION);
    }

    @Override
    public CompletionStage<Void> compact(String topic) {
        BrokerServices services = insides().services();
        ClusterImage image = insides().metadata().image();
        ClusterImage.Topic known = image.topic(topic)
                .filter(each -> services.topicSettings().of(image, each.name()).compacted())
                .orElseThrow(() -> new IllegalArgumentException("no topic " + topic + " is compacted here"));
        return CompletableFuture.allOf(known.partitions().stream()
                .map(partition -> compacted(services.partitions(), new TopicPartition(topic, partition.index())))
                .toArray(CompletableFuture<?>[]::new));
    }

    private static CompletableFuture<CompactionNeed> compacted(Partitions partitions, TopicPartition partition) {
        CompletableFuture<CompactionNeed> reply = new CompletableFuture<>();
        partitions.tell(partition, new Compact(true, reply));
        return reply;
    }

    @Override
    public void expireProducers() {
        perform(Upkeep.PRODUCER_EXPIRY);
    }

    /** A broker that was killed does the work when it starts, or when it is due. */
    private void perform(Upkeep work) {
        Run running = run;
        if (running != null) {
            running.wiring().insides().actors().perform(work);
        }
    }

    @Override
    public void rebalance(String group) {
        GroupRemoval.removeAll(insides().services().groups(), group);
    }

    @Override
    public void renewLeaderEpochs() {
        if (!(insides().metadata() instanceof KRaft alone)) {
            throw new IllegalStateException("the broker is a node of a cluster, whose controllers elect leaders");
        }
        alone.renewLeaderEpochs().join();
    }

    @Override
    public BrokerDisk disk() {
        return diskFaults.of("");
    }

    @Override
    public BrokerDisk disk(String topic, int partition) {
        return diskFaults.of(topic + "-" + partition);
    }

    @Override
    public synchronized void kill() {
        Run killed = running();
        Map<String, Object> ports = killed.wiring().ports();
        again = () -> killed.broker().restart(() -> settings.apply(ports), this);
        run = null;
        files.kill();
        faults.killed();
        killed.broker().kill();
    }

    @Override
    public synchronized void cutPower() {
        AeonSettings cut = running().wiring().insides().settings();
        kill();
        unforced.lose();
        try {
            KRaft.machineFails(cut.dataDir());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void restart() {
        if (again == null || closed) {
            throw new IllegalStateException(closed ? "the broker is closed" : "the broker runs");
        }
        try {
            again.run();
            again = null;
        } catch (StartException | SettingsException e) {
            throw new IllegalStateException("the broker cannot start again: " + e.getMessage(), e);
        }
    }

    private Insides insides() {
        return running().wiring().insides();
    }

    private Run running() {
        Run running = run;
        if (running == null) {
            throw new IllegalStateException("the broker was killed");
        }
        return running;
    }

    /** Ends all faults, so that nothing holds up the stop of the broker, which cannot be restarted afterwards. */
    @Override
    public void close() {
        closed = true;
        faults.close();
        diskFaults.close();
    }
}
