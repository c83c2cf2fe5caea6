package io.aeon.broker;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import io.aeon.broker.coordinator.SnapshotFiles;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.DiskHealth;
import io.aeon.broker.disk.DiskSpace;
import io.aeon.broker.disk.DiskStall;
import io.aeon.broker.disk.Disks;
import io.aeon.broker.mailbox.DeadLetters;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.actor.ReplicationSetup;
import io.aeon.broker.partition.cleaning.CleanerSettings;
import io.aeon.broker.partition.cleaning.CompactionSetup;
import io.aeon.broker.partition.cleaning.LogCleaner;
import io.aeon.broker.replica.FetcherSetup;
import io.aeon.broker.replica.ReplicaFetchers;
import io.aeon.broker.replica.ReplicaThrottle;
import io.aeon.broker.replica.ReplicaThrottle.Side;
import io.aeon.broker.supervision.Supervision;
import io.aeon.broker.topic.DiskWatch;
import io.aeon.broker.topic.Housekeeper;
import io.aeon.broker.topic.Housekeeper.Schedule;
import io.aeon.broker.topic.PartitionRegistry;
import io.aeon.broker.topic.TopicSettingsCache;
import io.aeon.broker.topic.Topics;
import io.aeon.broker.topic.TopicsSetup;
import io.aeon.config.Current;
import io.aeon.counters.BrokerCounters;
import io.aeon.metadata.ImageChange;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.directory.IdentityFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.threads.FairExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The children of {@link BrokerGuardian}, each with its restarts, and their connections with each other, with the
 * metadata and with the request handlers.
 */
final class GuardianChildren {
    /** The name of the partitions' parent. */
    static final String TOPICS = "topics";

    /** While space is low and the disk watch is down, produce requests are refused. */
    private static final Duration DISK_WATCH_BACKOFF = Duration.ofSeconds(10);
    /** Half of the processors, so that the requests of other clients are served meanwhile. */
    private static final int LONG_BATCHES_AT_ONCE =
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    /** Meanwhile partitions have fewer replicas in sync. */
    private static final Duration FETCHERS_BACKOFF = Duration.ofSeconds(10);
    /** The longest time for which a partition whose disk is slow holds up the others of its leader. */
    private static final Duration FETCH_PATIENCE = Duration.ofMillis(20);

    private static final Duration CONTROLLER_BACKOFF = Duration.ofMillis(50);

    private final BrokerSetup setup;
    private final Metadata metadata;
    private final ActorContext<BrokerGuardian.Command> context;
    private final BrokerCounters counters = new BrokerCounters();
    private final PartitionRegistry partitions = new PartitionRegistry(this::start);
    private final ActorRef<TopicsCommand> topics;
    private final ActorRef<ReplicaFetchers.Command> fetchers;
    private final CoordinatorChildren coordinators;
    private final BrokerServices services;

    /** Starts all children. */
    GuardianChildren(BrokerSetup setup, Metadata metadata, ActorContext<BrokerGuardian.Command> context) {
        this.setup = setup;
        this.metadata = metadata;
        this.context = context;
        DeadLetters.answer(context.getSystem());
        Disks disks = disks(metadata);
        TopicsSetup topicsSetup = topicsSetup(metadata, disks);
        topics = topics(topicsSetup);
        fetchers = fetchers(metadata);
        helpers(disks, metadata);
        coordinators = new CoordinatorChildren(
                setup,
                metadata,
                partitions,
                snapshots(disks, topicsSetup.settings()),
                Timer.of(context.getSystem()),
                this::parent);
        metadata.subscribe(this::imageChanged);
        services = services(disks, topicsSetup.settings());
    }

    private SnapshotFiles snapshots(Disks disks, TopicSettingsCache settings) {
        return SnapshotFiles.of(
                partition -> directory(disks, partition),
                setup.environment().files(),
                setup.environment().clock(),
                topic -> settings.of(metadata.image(), topic).log().compaction().deleteRetentionMs());
    }

    private BrokerServices services(Disks disks, TopicSettingsCache topicSettings) {
        ActorSystem<?> system = context.getSystem();
        return new BrokerServices(
                partitions,
                coordinators.groups(),
                coordinators.transactions(),
                disks,
                this::move,
                topicSettings,
                counters,
                system.executionContext(),
                setup.blocking(),
                new FairExecutor(setup.blocking(), LONG_BATCHES_AT_ONCE),
                Timer.of(system));
    }

    /** What the request handlers need of the children. */
    BrokerServices services() {
        return services;
    }

    /** Ends the connections to the other brokers. */
    void disconnect() {
        coordinators.disconnect();
    }

    /** Does at once what is due by the clock, which a test has moved. */
    void lookAtTheClock() {
        applyRetention();
        long producerAge = metadata.settings().getInt("producer.id.expiration.ms");
        expireProducers(setup.environment().clock().millis() - producerAge);
        coordinators.lookAtTheClock();
    }

    void applyRetention() {
        topics.tell(TopicsCommand.Housekeep.NOW);
    }

    /** @param timestamp see {@link TopicsCommand.ExpireProducers} */
    void expireProducers(long timestamp) {
        topics.tell(new TopicsCommand.ExpireProducers(timestamp));
    }

    /** Closes all partitions; their parent then stops. */
    void stopTopics() {
        topics.tell(TopicsCommand.Stop.NOW);
    }

    private TopicsSetup topicsSetup(Metadata metadata, Disks disks) {
        return TopicsSetup.of(
                setup.settings(),
                metadata,
                setup.environment().clock(),
                disks,
                compaction(metadata),
                replication(metadata),
                counters,
                setup.blocking());
    }

    private ReplicationSetup replication(Metadata metadata) {
        Timer timer = Timer.of(context.getSystem());
        Duration maxLag = setup.settings().kafka().getDuration("replica.lag.time.max.ms");
        return ReplicationSetup.of(metadata, maxLag, task -> timer.after(CONTROLLER_BACKOFF, task));
    }

    private Disks disks(Metadata metadata) {
        List<Path> all = setup.settings().dataDirs();
        Map<Path, Uuid> ids = metadata.directoryIds();
        return new Disks(
                all,
                all.stream()
                        .filter(ids::containsKey)
                        .map(directory -> disk(directory, ids.getOrDefault(directory, Uuid.ZERO_UUID)))
                        .toList());
    }

    private static Path directory(Disks disks, TopicPartition partition) {
        Path parent = disks.holding(partition).orElse(disks.first()).directory();
        return parent.resolve(partition.toString());
    }

    private Disk disk(Path directory, Uuid id) {
        LogEnvironment environment = setup.environment();
        return Disk.watched(
                directory,
                id,
                environment,
                new DiskSpace(setup.settings().minFreeBytes()),
                DiskStall.ofThisPool(context.getSystem()),
                new DiskHealth(directory, directory.resolve(IdentityFiles.OWN), environment.files()),
                setup.blockingOn().apply(directory));
    }

    private void helpers(Disks disks, Metadata metadata) {
        helper(
                Housekeeper.create(
                        topics,
                        Schedule.of(setup.settings(), metadata::settings),
                        setup.environment().clock()),
                Housekeeper.Command.class,
                "housekeeper",
                "retention removes no records, idle logs stay open, producer ids do not expire",
                Supervision.LONGEST_BACKOFF);
        int number = 0;
        for (Disk disk : disks.usable()) {
            helper(
                    DiskWatch.create(disk, disks, topics, failed -> metadata.directoryFailed(failed.id())),
                    DiskWatch.Command.class,
                    number == 0 ? "disk watch" : "disk watch " + number,
                    "the free space of " + disk + " is not measured",
                    DISK_WATCH_BACKOFF);
            number++;
        }
    }

    private CompactionSetup compaction(Metadata metadata) {
        Supplier<CleanerSettings> cleaning = new Current<>(metadata::settings, CleanerSettings::of);
        ActorRef<LogCleaner.Command> cleaner = helper(
                LogCleaner.create(partitions, cleaning, setup.environment().clock()),
                LogCleaner.Command.class,
                "log cleaner",
                "no topic is compacted",
                Supervision.LONGEST_BACKOFF);
        return new CompactionSetup(
                cleaner, setup.contents(), () -> cleaning.get().memory());
    }

    private <T> ActorRef<T> helper(
            Behavior<T> behavior, Class<T> protocol, String name, String loss, Duration longestBackoff) {
        return context.spawn(
                Supervision.helper(behavior, protocol, name, loss, longestBackoff, System::nanoTime),
                name.replace(' ', '-'));
    }

    private ActorRef<ReplicaFetchers.Command> fetchers(Metadata metadata) {
        FetcherSetup fetching = new FetcherSetup(
                partitions,
                setup.leaders().apply(metadata),
                Duration.ofMillis(setup.settings().kafka().getInt("replica.fetch.backoff.ms")),
                FETCH_PATIENCE,
                new ReplicaThrottle(Side.FOLLOWER, metadata, setup.settings().kafka(), GuardianChildren::milliseconds),
                GuardianChildren::milliseconds);
        return helper(
                ReplicaFetchers.create(fetching, metadata),
                ReplicaFetchers.Command.class,
                "replica fetchers",
                "this broker copies no partition of another broker",
                FETCHERS_BACKOFF);
    }

    private static long milliseconds() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private ActorRef<TopicsCommand> topics(TopicsSetup topicsSetup) {
        Behavior<TopicsCommand> behavior =
                Topics.create(topicsSetup, partitions, setup.settings().stopTimeout(), this::rolesChanged);
        return parent(Supervision.parentKeepingChildren(behavior, TopicsCommand.class, TOPICS), TOPICS);
    }

    private <T> ActorRef<T> parent(Behavior<T> supervised, String name) {
        ActorRef<T> parent = context.spawn(supervised, name);
        context.watchWith(parent, new BrokerGuardian.ParentStopped(name));
        return parent;
    }

    private void imageChanged(ImageChange change) {
        coordinators.imageChanging(change);
        topics.tell(new TopicsCommand.ImageChanged(change));
        coordinators.imageChanged(change);
    }

    private void rolesChanged(ImageChange change) {
        fetchers.tell(new ReplicaFetchers.RolesChanged(change));
    }

    private CompletableFuture<Void> move(TopicPartition partition, Disk target) {
        CompletableFuture<Void> reply = new CompletableFuture<>();
        topics.tell(new TopicsCommand.Move(partition, target, reply));
        return reply;
    }

    private void start(TopicPartition partition) {
        topics.tell(new TopicsCommand.Start(partition));
    }
}
