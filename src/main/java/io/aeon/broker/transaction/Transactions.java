package io.aeon.broker.transaction;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.coordinator.ActiveCoordinators;
import io.aeon.broker.coordinator.ActiveCoordinators.Active;
import io.aeon.broker.coordinator.ActiveCoordinators.Listing;
import io.aeon.broker.coordinator.CoordinatorPartition;
import io.aeon.broker.coordinator.CoordinatorPartitions;
import io.aeon.broker.coordinator.Listers;
import io.aeon.broker.transaction.TransactionCoordinator.Execute;
import io.aeon.broker.transaction.TransactionsCommand.Deliver;
import io.aeon.broker.transaction.TransactionsCommand.Ended;
import io.aeon.broker.transaction.TransactionsCommand.HandedOver;
import io.aeon.broker.transaction.TransactionsCommand.ImageChanged;
import io.aeon.broker.transaction.TransactionsCommand.ListAll;
import io.aeon.broker.transaction.TransactionsCommand.Loaded;
import io.aeon.broker.transaction.TransactionsCommand.ReplayAgain;
import io.aeon.broker.transaction.TransactionsCommand.Replayed;
import io.aeon.broker.transaction.TransactionsCommand.Tick;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionCommand.AbortTimedOut;
import io.aeon.coordinator.transaction.TransactionCommand.Expire;
import io.aeon.coordinator.transaction.TransactionListing;
import io.aeon.coordinator.transaction.TransactionLog;
import io.aeon.coordinator.transaction.TransactionState;
import io.aeon.coordinator.transaction.TransactionalProducer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Starts each transactional id's coordinator at its first use, from what the partition of the transaction topic tells that
 * keeps its records; a partition is replayed as soon as the metadata show that this broker leads it. What was open or
 * decided when the broker stopped gets its coordinator then, so that it ends whether or not its producer comes back.
 */
public final class Transactions {
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration RELOAD = Duration.ofSeconds(2);

    private final Surroundings surroundings;
    private final ActiveCoordinators<TransactionCoordinator.Command, TransactionListing> coordinators;
    private final ActorContext<TransactionsCommand> context;
    private final TimerScheduler<TransactionsCommand> timers;
    private final CoordinatorPartitions<TransactionsPartition> partitions;
    private final Listers<TransactionListing> listers = new Listers<>();

    /**
     * What a coordinator works with.
     *
     * @param appends the producers' way to the partitions
     * @param markers the coordinators' way to the partitions
     */
    record Surroundings(
            TransactionsSetup setup,
            TransactionalAppends appends,
            EndMarkers markers,
            ActorRef<TransactionsCommand> parent) {}

    private Transactions(
            Surroundings surroundings,
            ActiveCoordinators<TransactionCoordinator.Command, TransactionListing> coordinators,
            ActorContext<TransactionsCommand> context,
            TimerScheduler<TransactionsCommand> timers) {
        TransactionsSetup setup = surroundings.setup();
        this.surroundings = surroundings;
        this.coordinators = coordinators;
        this.context = context;
        this.timers = timers;
        this.partitions = new CoordinatorPartitions<>(
                setup.metadata().nodeId(), index -> new TransactionsPartition(setup, index), this::load);
    }

    /** @param services kept up to date with the actors that run */
    public static Behavior<TransactionsCommand> create(TransactionsSetup setup, TransactionServices services) {
        Behavior<TransactionsCommand> transactions = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            services.coordinators().active().clear();
            timers.startTimerWithFixedDelay(Tick.ABORT_TIMED_OUT, setup.timeoutCheck());
            timers.startTimerWithFixedDelay(Tick.EXPIRE, setup.expiryCheck());
            Transactions started = new Transactions(
                    new Surroundings(setup, services.appends(), services.markers(), context.getSelf()),
                    services.coordinators().active(),
                    context,
                    timers);
            started.followImage();
            return started.running();
        }));
        return Behaviors.supervise(transactions).onFailure(SupervisorStrategy.restart());
    }

    private Behavior<TransactionsCommand> running() {
        return BehaviorBuilder.<TransactionsCommand>create()
                .onMessage(Deliver.class, this::onDeliver)
                .onMessage(ListAll.class, this::onListAll)
                .onMessage(HandedOver.class, this::onHandedOver)
                .onMessage(ImageChanged.class, changed -> followImage())
                .onMessage(Tick.class, this::onTick)
                .onMessage(Loaded.class, this::onLoaded)
                .onMessage(Replayed.class, this::onReplayed)
                .onMessage(ReplayAgain.class, again -> replay(again.partition(), again.id()))
                .onMessage(Ended.class, this::onEnded)
                .onSignal(PreRestart.class, signal -> onStop())
                .onSignal(PostStop.class, signal -> onStop())
                .build();
    }

    private @Nullable TransactionsPartition partitionOf(String transactionalId) {
        return partitions.at(count -> TransactionLog.partitionFor(transactionalId, count));
    }

    private Behavior<TransactionsCommand> onDeliver(Deliver command) {
        Active<TransactionCoordinator.Command, TransactionListing> active = coordinators.get(command.id());
        if (active != null) {
            active.actor().tell(new Execute(command.command()));
            return Behaviors.same();
        }
        TransactionsPartition partition = partitionOf(command.id());
        if (partition == null) {
            command.refuse(Errors.NOT_COORDINATOR);
        } else if (!partition.holds(command)) {
            deliver(partition, command);
        }
        return Behaviors.same();
    }

    private void deliver(TransactionsPartition partition, Deliver command) {
        TransactionalProducer producer = partition.take(command.id());
        if (producer != null) {
            start(partition, producer, command.command());
            return;
        }
        TransactionalProducer absent = surroundings.setup().absent(command.id());
        if (command.command() instanceof TransactionCommand.Request<?> request && request.createsId()) {
            start(partition, absent, command.command());
        } else {
            absent.step(command.command(), surroundings.setup().clock().get())
                    .replies()
                    .forEach(Reply::send);
        }
    }

    /** Tells the coordinator its first command before anybody else can find it. */
    private void start(
            TransactionsPartition partition, TransactionalProducer producer, @Nullable TransactionCommand first) {
        String id = producer.transactionalId();
        Listing<TransactionListing> listing = new Listing<>(producer.listing());
        ActorRef<TransactionCoordinator.Command> actor =
                context.spawnAnonymous(TransactionCoordinator.create(producer, partition, surroundings, listing));
        context.watchWith(actor, new Ended(partition, id, actor));
        if (first != null) {
            actor.tell(new Execute(first));
        }
        coordinators.started(new Active<>(id, actor, listing));
    }

    private Behavior<TransactionsCommand> onHandedOver(HandedOver message) {
        TransactionalProducer producer = message.producer();
        String id = producer.transactionalId();
        TransactionsPartition partition = partitionOf(id);
        if (coordinators.stopped(id, message.actor()) && partition != null && !producer.isVacant()) {
            partition.park(id, producer);
        }
        message.actor().tell(TransactionCoordinator.Stop.NOW);
        return Behaviors.same();
    }

    private Behavior<TransactionsCommand> onEnded(Ended message) {
        if (!coordinators.stopped(message.id(), message.actor())) {
            return Behaviors.same();
        }
        context.getLog().error("the coordinator of transactional id {} failed, replaying it", message.id());
        return replay(message.partition(), message.id());
    }

    private Behavior<TransactionsCommand> replay(TransactionsPartition partition, String id) {
        partition.replaying(id);
        context.pipeToSelf(
                partition.replay(id::equals), (producers, failure) -> new Replayed(partition, id, producers, failure));
        return Behaviors.same();
    }

    private Behavior<TransactionsCommand> onReplayed(Replayed message) {
        TransactionsPartition partition = message.partition();
        List<Deliver> waiting = partition.replayed(message.id());
        if (message.producers() == null) {
            context.getLog()
                    .error(
                            "transactional id {} cannot be replayed: {}",
                            message.id(),
                            String.valueOf(message.failure()));
            waiting.forEach(command -> command.refuse(Errors.COORDINATOR_NOT_AVAILABLE));
            partition.replaying(message.id());
            timers.startSingleTimer(new ReplayAgain(partition, message.id()), RETRY);
        } else {
            takeIn(partition, message.producers());
            waiting.forEach(this::onDeliver);
        }
        return Behaviors.same();
    }

    private void load(TransactionsPartition partition) {
        context.pipeToSelf(
                partition.replay(id -> true), (producers, failure) -> new Loaded(partition, producers, failure));
    }

    /** What was open or decided must end even if nobody asks for it, so a partition is loaded until that succeeds. */
    private Behavior<TransactionsCommand> onLoaded(Loaded message) {
        TransactionsPartition partition = message.partition();
        if (!partitions.contains(partition)) {
            return Behaviors.same();
        }
        if (message.producers() == null) {
            String reason = String.valueOf(message.failure());
            if (partitions.failed(partition, reason)) {
                context.getLog().error("{} cannot be loaded: {}", partition, reason);
            }
            timers.startSingleTimer(partition, ImageChanged.NOW, RELOAD);
        } else {
            partitions.loaded(partition);
            List<Deliver> waiting = partition.loaded();
            takeIn(partition, message.producers());
            waiting.forEach(this::onDeliver);
        }
        answerListers();
        return Behaviors.same();
    }

    private void takeIn(TransactionsPartition partition, Map<String, TransactionalProducer> producers) {
        producers.forEach((id, producer) -> {
            if (producer.isIdle()) {
                partition.park(id, producer);
            } else {
                start(partition, producer, null);
            }
        });
    }

    private Behavior<TransactionsCommand> followImage() {
        boolean gone = partitions.follow(surroundings
                .setup()
                .metadata()
                .image()
                .topic(TransactionLog.TOPIC)
                .orElse(null));
        if (gone) {
            var actives = coordinators.all().toList();
            coordinators.clear();
            actives.forEach(active -> active.actor().tell(TransactionCoordinator.Stop.NOW));
        }
        return Behaviors.same();
    }

    private Behavior<TransactionsCommand> onTick(Tick tick) {
        TransactionCommand command = tick == Tick.EXPIRE ? new Expire() : new AbortTimedOut();
        coordinators.all().forEach(active -> active.actor().tell(new Execute(command)));
        if (tick == Tick.EXPIRE) {
            Now now = surroundings.setup().clock().get();
            for (TransactionsPartition partition : partitions.all()) {
                partition
                        .takeAll(producer -> producer.hasExpired(now))
                        .forEach(producer -> start(partition, producer, command));
            }
        }
        return Behaviors.same();
    }

    private Behavior<TransactionsCommand> onListAll(ListAll request) {
        listers.add(request.reply());
        answerListers();
        return Behaviors.same();
    }

    private void answerListers() {
        if (partitions.settled()) {
            listers.answer(Stream.concat(
                            coordinators.all().map(Active::listing),
                            partitions.all().stream()
                                    .flatMap(CoordinatorPartition::parked)
                                    .map(TransactionalProducer::listing))
                    .filter(listing -> listing.state() != TransactionState.DEAD));
        }
    }

    private Behavior<TransactionsCommand> onStop() {
        partitions.close();
        listers.fail();
        return Behaviors.same();
    }
}
