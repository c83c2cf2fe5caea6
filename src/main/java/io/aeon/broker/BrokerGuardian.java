package io.aeon.broker;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.dispatch.ExecutionContexts;
import io.aeon.broker.coordinator.CoordinatorRuntime;
import io.aeon.broker.coordinator.CoordinatorsCommand;
import io.aeon.broker.coordinator.SnapshotFiles;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.DiskSpace;
import io.aeon.broker.disk.DiskStall;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.broker.group.GroupKind;
import io.aeon.broker.group.GroupsSetup;
import io.aeon.broker.mailbox.DeadLetters;
import io.aeon.broker.partition.CleanerSettings;
import io.aeon.broker.partition.CompactionSetup;
import io.aeon.broker.partition.LogCleaner;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.supervision.ReportedFaults;
import io.aeon.broker.supervision.Supervision;
import io.aeon.broker.topic.DiskWatch;
import io.aeon.broker.topic.Housekeeper;
import io.aeon.broker.topic.Housekeeper.Schedule;
import io.aeon.broker.topic.PartitionRegistry;
import io.aeon.broker.topic.Topics;
import io.aeon.broker.topic.TopicsSetup;
import io.aeon.broker.transaction.LocalMarkers;
import io.aeon.broker.transaction.TransactionCoordinators;
import io.aeon.broker.transaction.TransactionKind;
import io.aeon.broker.transaction.TransactionServices;
import io.aeon.broker.transaction.TransactionalAppends;
import io.aeon.broker.transaction.TransactionsSetup;
import io.aeon.config.AeonSettings;
import io.aeon.coordinator.Effects;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.group.GroupCommand;
import io.aeon.coordinator.group.GroupEffects;
import io.aeon.coordinator.group.GroupListing;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionEffects;
import io.aeon.coordinator.transaction.TransactionListing;
import io.aeon.metadata.ImageChange;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.ProducerIdBlocks;
import io.aeon.metadata.ProducerIds;
import io.aeon.storage.compaction.BatchContents;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.threads.WorkerPool;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The root of the actor tree. On {@link Stop} it stops its children cleanly, each after it has closed its resources,
 * and then the actor system. Its helpers (log cleaner, housekeeper, disk watch) restart after every failure. If the
 * parent of partitions, groups or transactions fails too often, or an exception is thrown in the guardian itself, it
 * reports a fatal error and waits for {@link Stop}.
 */
public final class BrokerGuardian {
    private static final Duration LOOK_FOR_STALL = Duration.ofMillis(100);
    /** While space is low and the disk watch is down, produce requests are refused. */
    private static final Duration DISK_WATCH_BACKOFF = Duration.ofSeconds(10);
    /** Half of the processors, so that the requests of other clients are served meanwhile. */
    private static final int LONG_BATCHES_AT_ONCE =
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private static final String TOPICS = "topics";
    private static final String GROUPS = "groups";
    private static final String TRANSACTIONS = "transactions";

    private final ActorContext<Command> context;
    private final Consumer<Throwable> onFatal;
    private final PartitionRegistry partitions = new PartitionRegistry(this::start);
    private final ActorRef<TopicsCommand> topics;
    private final ActorRef<CoordinatorsCommand<GroupCommand, GroupEffects, GroupListing>> groups;
    private final ActorRef<CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing>>
            transactions;
    private boolean topicsStopped;

    private BrokerGuardian(
            AeonSettings settings,
            Metadata metadata,
            LogEnvironment environment,
            RecordBatches batches,
            Supplier<BatchContents> contents,
            Executor blocking,
            CompletableFuture<BrokerServices> ready,
            Consumer<Throwable> onFatal,
            ActorContext<Command> context) {
        this.context = context;
        this.onFatal = onFatal;
        ActorSystem<?> system = context.getSystem();
        DeadLetters.answer(system);
        Disk disk = new Disk(new DiskSpace(settings.minFreeBytes()), stallOfThisPool(system));
        CompactionSetup compaction = compaction(settings, environment, contents);
        TopicsSetup setup = TopicsSetup.of(settings, metadata, environment, disk, compaction, blocking);
        topics = topics(setup, settings.stopTimeout());
        helpers(settings, setup, environment.clock());
        TransactionCoordinators transactionCoordinators = new TransactionCoordinators(this::tellTransactions);
        TransactionalAppends appends = new TransactionalAppends(partitions, transactionCoordinators::admit);
        SnapshotFiles snapshots = SnapshotFiles.of(settings.dataDir(), environment.files());
        GroupsSetup groupsSetup = GroupsSetup.of(
                settings.kafka(), settings.limits(), partitions, appends, metadata, batches, snapshots, blocking);
        Supplier<Now> clock = groupsSetup.clock();
        GroupCoordinators coordinators = new GroupCoordinators(partitions, this::tellGroups);
        GroupKind groupKind = new GroupKind(groupsSetup, coordinators);
        groups = coordinators(CoordinatorRuntime.create(groupKind, metadata, clock, coordinators), GROUPS);
        LocalMarkers markers = new LocalMarkers(partitions, coordinators, metadata, batches, clock);
        ProducerIds producerIds = new ProducerIdBlocks(metadata.controller()::allocateProducerIds);
        TransactionKind transactionKind = new TransactionKind(
                TransactionsSetup.of(settings.kafka(), settings.limits(), groupsSetup, producerIds::next),
                appends,
                markers);
        transactions = coordinators(
                CoordinatorRuntime.create(transactionKind, metadata, clock, transactionCoordinators), TRANSACTIONS);
        TransactionServices services = new TransactionServices(transactionCoordinators, appends, markers, producerIds);
        metadata.subscribe(this::imageChanged);
        ready.complete(brokerServices(system, setup, coordinators, services, blocking));
    }

    private BrokerServices brokerServices(
            ActorSystem<?> system,
            TopicsSetup setup,
            GroupCoordinators coordinators,
            TransactionServices transactionServices,
            Executor blocking) {
        return new BrokerServices(
                partitions,
                coordinators,
                transactionServices,
                setup.settings(),
                system.executionContext(),
                blocking,
                new FairExecutor(blocking, LONG_BATCHES_AT_ONCE),
                Timer.of(system));
    }

    /** The messages to the guardian. */
    public sealed interface Command {}

    /** Stops all actors cleanly; the actor system terminates when everything is closed. */
    public enum Stop implements Command {
        NOW
    }

    private record ParentStopped(String name) implements Command {}

    private record MetadataStarted(@Nullable Metadata metadata) implements Command {}

    /**
     * @param metadata only the actors wait for it, so that their threads and those of the metadata engine start in
     *     parallel
     * @param batches writes and reads the coordinators' records
     * @param contents creates the access of compaction to batch contents, one for each pass
     * @param blocking threads that may block on the disk; they have to accept tasks until all actors have stopped
     * @param ready completes with the services for the request handlers as soon as the actors run
     * @param onFatal called after a fatal error; the guardian then waits for {@link Stop}
     */
    public static Behavior<Command> create(
            AeonSettings settings,
            CompletionStage<? extends Metadata> metadata,
            LogEnvironment environment,
            RecordBatches batches,
            Supplier<BatchContents> contents,
            Executor blocking,
            CompletableFuture<BrokerServices> ready,
            Consumer<Throwable> onFatal) {
        return Behaviors.setup(context -> {
            context.pipeToSelf(metadata, (started, failure) -> new MetadataStarted(started));
            return BehaviorBuilder.<Command>create()
                    .onMessage(MetadataStarted.class, message -> {
                        Metadata found = message.metadata();
                        return found == null
                                ? Behaviors.stopped()
                                : started(
                                        ready,
                                        () -> new BrokerGuardian(
                                                settings,
                                                found,
                                                environment,
                                                batches,
                                                contents,
                                                blocking,
                                                ready,
                                                onFatal,
                                                context));
                    })
                    .onMessage(Stop.class, stop -> Behaviors.stopped())
                    .build();
        });
    }

    private static Behavior<Command> started(
            CompletableFuture<BrokerServices> ready, Supplier<BrokerGuardian> constructor) {
        try {
            BrokerGuardian guardian = constructor.get();
            return Behaviors.intercept(() -> new ReportedFaults<>(Command.class, guardian.onFatal), guardian.running());
        } catch (RuntimeException e) {
            ready.completeExceptionally(e);
            return Behaviors.stopped();
        }
    }

    private void helpers(AeonSettings settings, TopicsSetup setup, Clock clock) {
        helper(
                Housekeeper.create(topics, Schedule.of(settings), clock),
                Housekeeper.Command.class,
                "housekeeper",
                "retention removes no records, idle logs stay open, producer ids do not expire",
                Supervision.LONGEST_BACKOFF);
        helper(
                DiskWatch.create(setup, topics),
                DiskWatch.Command.class,
                "disk watch",
                "the free space of the disk is not measured",
                DISK_WATCH_BACKOFF);
    }

    private CompactionSetup compaction(
            AeonSettings settings, LogEnvironment environment, Supplier<BatchContents> contents) {
        CleanerSettings cleaning = CleanerSettings.of(settings.kafka());
        ActorRef<LogCleaner.Command> cleaner = helper(
                LogCleaner.create(partitions, cleaning, environment.clock()),
                LogCleaner.Command.class,
                "log cleaner",
                "no topic is compacted",
                Supervision.LONGEST_BACKOFF);
        return new CompactionSetup(cleaner, contents, cleaning.memory());
    }

    private <T> ActorRef<T> helper(
            Behavior<T> behavior, Class<T> protocol, String name, String loss, Duration longestBackoff) {
        return context.spawn(
                Supervision.helper(behavior, protocol, name, loss, longestBackoff, System::nanoTime),
                name.replace(' ', '-'));
    }

    private ActorRef<TopicsCommand> topics(TopicsSetup setup, Duration stopTimeout) {
        Behavior<TopicsCommand> behavior = Topics.create(setup, partitions, stopTimeout);
        return parent(Supervision.parentKeepingChildren(behavior, TopicsCommand.class, TOPICS), TOPICS);
    }

    private <C, E extends Effects, L> ActorRef<CoordinatorsCommand<C, E, L>> coordinators(
            Behavior<CoordinatorsCommand<C, E, L>> runtime, String name) {
        return parent(Supervision.parent(runtime, CoordinatorsCommand.class, name), name);
    }

    private <T> ActorRef<T> parent(Behavior<T> supervised, String name) {
        ActorRef<T> parent = context.spawn(supervised, name);
        context.watchWith(parent, new ParentStopped(name));
        return parent;
    }

    private Behavior<Command> running() {
        return BehaviorBuilder.<Command>create()
                .onMessage(Stop.class, stop -> stop())
                .onMessage(ParentStopped.class, this::onParentStopped)
                .build();
    }

    private Behavior<Command> onParentStopped(ParentStopped parent) {
        topicsStopped |= parent.name().equals(TOPICS);
        onFatal.accept(new IllegalStateException(parent.name() + " failed more than " + Supervision.PARENT_RESTARTS
                + " times within " + Supervision.WINDOW.toSeconds() + " s"));
        return Behaviors.same();
    }

    private Behavior<Command> stop() {
        if (topicsStopped) {
            return Behaviors.stopped();
        }
        topics.tell(TopicsCommand.Stop.NOW);
        return BehaviorBuilder.<Command>create()
                .onMessage(
                        ParentStopped.class,
                        parent -> parent.name().equals(TOPICS) ? Behaviors.stopped() : Behaviors.same())
                .onMessage(Stop.class, again -> Behaviors.same())
                .build();
    }

    private void imageChanged(ImageChange change) {
        topics.tell(new TopicsCommand.ImageChanged(change));
        groups.tell(new CoordinatorsCommand.ImageChanged<>(change));
        transactions.tell(new CoordinatorsCommand.ImageChanged<>(change));
    }

    private void tellTransactions(
            CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing> command) {
        transactions.tell(command);
    }

    private void tellGroups(CoordinatorsCommand<GroupCommand, GroupEffects, GroupListing> command) {
        groups.tell(command);
    }

    private void start(TopicPartition partition) {
        topics.tell(new TopicsCommand.Start(partition));
    }

    /**
     * Creates the stall detection. It runs on the scheduler's thread, because the threads of the pool may be the ones
     * that are blocked.
     */
    private static DiskStall stallOfThisPool(ActorSystem<?> system) {
        WorkerPool pool = Objects.requireNonNull(
                WorkerPool.ofThisThread(), "aeon.akka.actor.default-dispatcher.executor has to be default-executor");
        DiskStall stall = new DiskStall(pool, System::nanoTime);
        system.scheduler()
                .scheduleWithFixedDelay(
                        LOOK_FOR_STALL, LOOK_FOR_STALL, stall::look, ExecutionContexts.fromExecutor(Runnable::run));
        return stall;
    }
}
