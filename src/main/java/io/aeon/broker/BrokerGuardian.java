package io.aeon.broker;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.dispatch.ExecutionContexts;
import io.aeon.broker.coordinator.CoordinatorRuntime;
import io.aeon.broker.coordinator.CoordinatorsCommand;
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
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The top of the actor tree. Told to stop, it stops its children in order, each having closed what it holds, and then
 * the actor system; so it does when a child gives up.
 */
public final class BrokerGuardian {
    private static final Duration LOOK_FOR_STALL = Duration.ofMillis(100);
    private static final DispatcherSelector BLOCKING = DispatcherSelector.fromConfig("aeon.blocking-dispatcher");

    private final ActorContext<Command> context;
    private final PartitionRegistry partitions = new PartitionRegistry(this::start);
    private final ActorRef<TopicsCommand> topics;
    private final ActorRef<CoordinatorsCommand<GroupCommand, GroupEffects, GroupListing>> groups;
    private final ActorRef<CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing>>
            transactions;

    private BrokerGuardian(
            AeonSettings settings,
            Metadata metadata,
            LogEnvironment environment,
            RecordBatches batches,
            Supplier<BatchContents> contents,
            CompletableFuture<BrokerServices> ready,
            ActorContext<Command> context) {
        this.context = context;
        ActorSystem<?> system = context.getSystem();
        DeadLetters.answer(system);
        Executor blocking = system.dispatchers().lookup(BLOCKING);
        Disk disk = new Disk(new DiskSpace(settings.minFreeBytes()), stallOfThisPool(system));
        CompactionSetup compaction = compaction(settings, environment, contents);
        TopicsSetup setup = TopicsSetup.of(settings, metadata, environment, disk, compaction, blocking);
        topics = child(Topics.create(setup, partitions), "topics");
        child(Housekeeper.create(topics, Schedule.of(settings), environment.clock()), "housekeeper");
        child(DiskWatch.create(setup, topics), "disk-watch");
        TransactionCoordinators transactionCoordinators = new TransactionCoordinators(this::tellTransactions);
        TransactionalAppends appends = new TransactionalAppends(partitions, transactionCoordinators::admit);
        GroupsSetup groupsSetup = GroupsSetup.of(settings.kafka(), partitions, appends, metadata, batches, blocking);
        Supplier<Now> clock = groupsSetup.clock();
        GroupCoordinators coordinators = new GroupCoordinators(partitions, this::tellGroups);
        GroupKind groupKind = new GroupKind(groupsSetup, coordinators);
        groups = child(CoordinatorRuntime.create(groupKind, metadata, clock, coordinators), "groups");
        LocalMarkers markers = new LocalMarkers(partitions, coordinators, metadata, batches, clock);
        ProducerIds producerIds = new ProducerIdBlocks(metadata.controller()::allocateProducerIds);
        TransactionKind transactionKind = new TransactionKind(
                TransactionsSetup.of(settings.kafka(), groupsSetup, producerIds::next), appends, markers);
        transactions = child(
                CoordinatorRuntime.create(transactionKind, metadata, clock, transactionCoordinators), "transactions");
        TransactionServices services = new TransactionServices(transactionCoordinators, appends, markers, producerIds);
        metadata.subscribe(this::imageChanged);
        Executor pool = system.executionContext();
        ready.complete(new BrokerServices(
                partitions, coordinators, services, setup.settings(), pool, blocking, timer(system)));
    }

    /** What the guardian is told. */
    public sealed interface Command {}

    /** Stop everything in order; the actor system terminates when all is closed. */
    public enum Stop implements Command {
        NOW
    }

    private record ChildStopped(String name) implements Command {}

    private record MetadataStarted(@Nullable Metadata metadata) implements Command {}

    /**
     * @param metadata awaited by the actors alone, so that the threads of both can start at once
     * @param batches how the coordinators' own records are written and read
     * @param contents opens batches to compaction, for one pass each
     * @param ready completed with what the request handlers need, as soon as the actors run
     */
    public static Behavior<Command> create(
            AeonSettings settings,
            CompletionStage<? extends Metadata> metadata,
            LogEnvironment environment,
            RecordBatches batches,
            Supplier<BatchContents> contents,
            CompletableFuture<BrokerServices> ready) {
        return Behaviors.setup(context -> {
            context.pipeToSelf(metadata, (started, failure) -> new MetadataStarted(started));
            return BehaviorBuilder.<Command>create()
                    .onMessage(
                            MetadataStarted.class,
                            message -> message.metadata() == null
                                    ? Behaviors.stopped()
                                    : new BrokerGuardian(
                                                    settings,
                                                    message.metadata(),
                                                    environment,
                                                    batches,
                                                    contents,
                                                    ready,
                                                    context)
                                            .running())
                    .onMessage(Stop.class, stop -> Behaviors.stopped())
                    .build();
        });
    }

    private CompactionSetup compaction(
            AeonSettings settings, LogEnvironment environment, Supplier<BatchContents> contents) {
        CleanerSettings cleaning = CleanerSettings.of(settings.kafka());
        ActorRef<LogCleaner.Command> cleaner =
                child(LogCleaner.create(partitions, cleaning, environment.clock()), "log-cleaner");
        return new CompactionSetup(cleaner, contents, cleaning.memory());
    }

    private <T> ActorRef<T> child(Behavior<T> behavior, String name) {
        ActorRef<T> child = context.spawn(behavior, name);
        context.watchWith(child, new ChildStopped(name));
        return child;
    }

    private Behavior<Command> running() {
        return BehaviorBuilder.<Command>create()
                .onMessage(Stop.class, stop -> stop())
                .onMessage(ChildStopped.class, this::onGivenUp)
                .build();
    }

    private Behavior<Command> onGivenUp(ChildStopped child) {
        context.getLog().error("{} gave up, the broker stops", child.name());
        return isTopics(child) ? Behaviors.stopped() : stop();
    }

    private boolean isTopics(ChildStopped child) {
        return child.name().equals(topics.path().name());
    }

    private Behavior<Command> stop() {
        topics.tell(TopicsCommand.Stop.NOW);
        return BehaviorBuilder.<Command>create()
                .onMessage(ChildStopped.class, child -> isTopics(child) ? Behaviors.stopped() : Behaviors.same())
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

    /** Looks from the scheduler's own thread: those of the pool may be the ones that are held. */
    private static DiskStall stallOfThisPool(ActorSystem<?> system) {
        WorkerPool pool = Objects.requireNonNull(
                WorkerPool.ofThisThread(), "aeon.akka.actor.default-dispatcher.executor has to be default-executor");
        DiskStall stall = new DiskStall(pool, System::nanoTime);
        system.scheduler()
                .scheduleWithFixedDelay(
                        LOOK_FOR_STALL, LOOK_FOR_STALL, stall::look, ExecutionContexts.fromExecutor(Runnable::run));
        return stall;
    }

    private static Timer timer(ActorSystem<?> system) {
        return (delay, task) -> {
            Cancellable scheduled = system.scheduler().scheduleOnce(delay, task, system.executionContext());
            return scheduled::cancel;
        };
    }
}
