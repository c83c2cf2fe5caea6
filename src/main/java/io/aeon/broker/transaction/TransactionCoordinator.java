package io.aeon.broker.transaction;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.coordinator.CoordinatorLog;
import io.aeon.broker.mailbox.Failable;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.transaction.Effects;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.coordinator.transaction.Ongoing;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionCommand.AppendFailed;
import io.aeon.coordinator.transaction.TransactionCommand.Appended;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerFailed;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerWritten;
import io.aeon.coordinator.transaction.TransactionCommand.ProducerIdGiven;
import io.aeon.coordinator.transaction.TransactionCommand.ProducerIdRefused;
import io.aeon.coordinator.transaction.TransactionCommand.Tick;
import io.aeon.coordinator.transaction.TransactionListing;
import io.aeon.coordinator.transaction.TransactionRecord;
import io.aeon.coordinator.transaction.TransactionalProducer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one transactional id's state machine: stores its records, sends its markers and replies, opens and closes the
 * producer's way to the partitions. One that nobody uses goes back to {@link Transactions} after a while, so that it
 * costs no actor. A failure ends the actor with an answer to all who wait; the id is replayed then.
 */
final class TransactionCoordinator {
    private static final Logger logger = LoggerFactory.getLogger(TransactionCoordinator.class);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final TransactionalProducer producer;
    private final TransactionsPartition partition;
    private final Transactions.Surroundings surroundings;
    private final Consumer<TransactionListing> listings;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private Optional<Ongoing> opened = Optional.empty();
    private long armedFor = Long.MAX_VALUE;
    private boolean handedOver;

    private TransactionCoordinator(
            TransactionalProducer producer,
            TransactionsPartition partition,
            Transactions.Surroundings surroundings,
            Consumer<TransactionListing> listings,
            ActorContext<Command> context,
            TimerScheduler<Command> timers) {
        this.producer = producer;
        this.partition = partition;
        this.surroundings = surroundings;
        this.listings = listings;
        this.context = context;
        this.timers = timers;
    }

    /** What a coordinator is told. */
    sealed interface Command {}

    /** Something for the transactional id. */
    record Execute(TransactionCommand command) implements Command, Failable {
        @Override
        public void fail(Throwable cause) {
            if (command instanceof TransactionCommand.Request<?> request) {
                request.refused(Errors.NOT_COORDINATOR).send();
            }
        }
    }

    private enum Wake implements Command {
        DEADLINE,
        IDLE
    }

    /** The transactional id is taken back. */
    enum Stop implements Command {
        NOW
    }

    /**
     * @param producer replayed or new; this actor's from now on
     * @param listings told how the transactional id is listed, whenever that may have changed
     */
    static Behavior<Command> create(
            TransactionalProducer producer,
            TransactionsPartition partition,
            Transactions.Surroundings surroundings,
            Consumer<TransactionListing> listings) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            TransactionCoordinator coordinator =
                    new TransactionCoordinator(producer, partition, surroundings, listings, context, timers);
            coordinator.carryOut(producer.start(surroundings.setup().clock().get()));
            return coordinator.serving();
        }));
    }

    private Behavior<Command> serving() {
        return BehaviorBuilder.<Command>create()
                .onMessage(Execute.class, this::onExecute)
                .onMessage(Wake.class, this::onWake)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .onSignal(PostStop.class, signal -> onStop())
                .build();
    }

    private Behavior<Command> onExecute(Execute execute) {
        try {
            carryOut(producer.step(
                    execute.command(), surroundings.setup().clock().get()));
        } catch (RuntimeException e) {
            execute.fail(e);
            throw e;
        }
        return producer.isVacant() ? handOver() : Behaviors.same();
    }

    private Behavior<Command> onWake(Wake wake) {
        if (wake == Wake.IDLE) {
            return producer.isIdle() ? handOver() : Behaviors.same();
        }
        armedFor = Long.MAX_VALUE;
        return onExecute(new Execute(new Tick()));
    }

    /** The way to the partitions is closed before anything is stored that ends the transaction. */
    private void carryOut(Effects effects) {
        admit(producer.ongoing());
        effects.notes().forEach(note -> logger.info("transactional id {}: {}", producer.transactionalId(), note));
        TransactionRecord record = effects.append();
        if (record != null) {
            report(
                    partition.append(record),
                    done -> new Appended(),
                    failure -> new AppendFailed(CoordinatorLog.errorOf(failure)));
        }
        effects.markers().forEach(this::send);
        if (effects.wantsProducerId()) {
            report(
                    surroundings.setup().producerIds().get(),
                    ProducerIdGiven::new,
                    failure -> new ProducerIdRefused(Errors.COORDINATOR_LOAD_IN_PROGRESS));
        }
        listings.accept(producer.listing());
        effects.replies().forEach(Reply::send);
        arm();
    }

    private void admit(Optional<Ongoing> ongoing) {
        if (ongoing.equals(opened)) {
            return;
        }
        if (ongoing.isEmpty()) {
            close();
        }
        ongoing.ifPresent(surroundings.appends()::open);
        opened = ongoing;
    }

    private void close() {
        opened.ifPresent(ongoing -> surroundings.appends().close(ongoing.producerId()));
        opened = Optional.empty();
    }

    private void send(Marker marker) {
        report(
                surroundings.markers().send(marker, partition.coordinatorEpoch()),
                done -> new MarkerWritten(marker.partition()),
                failure -> new MarkerFailed(marker.partition(), CoordinatorLog.errorOf(failure)));
    }

    private <T> void report(
            CompletionStage<T> work,
            Function<T, TransactionCommand> done,
            Function<Throwable, TransactionCommand> failed) {
        ActorRef<Command> self = context.getSelf();
        var unused = work.whenComplete((@Nullable T result, @Nullable Throwable failure) ->
                self.tell(new Execute(failure == null ? done.apply(result) : failed.apply(failure))));
    }

    private void arm() {
        long next = producer.nextDeadline().orElse(Long.MAX_VALUE);
        if (next < armedFor) {
            armedFor = next;
            long delay = Math.max(0, next - surroundings.setup().clock().get().elapsedMs());
            timers.startSingleTimer(Wake.DEADLINE, Duration.ofMillis(delay));
        }
        if (!producer.isIdle()) {
            timers.cancel(Wake.IDLE);
        } else if (!timers.isTimerActive(Wake.IDLE)) {
            timers.startSingleTimer(Wake.IDLE, IDLE);
        }
    }

    /** From here on the transactional id belongs to {@link Transactions}, and so do the commands that still come. */
    private Behavior<Command> handOver() {
        handedOver = true;
        timers.cancelAll();
        surroundings.parent().tell(new TransactionsCommand.HandedOver(producer, context.getSelf()));
        return BehaviorBuilder.<Command>create()
                .onMessage(Execute.class, this::passOn)
                .onMessage(Wake.class, wake -> Behaviors.same())
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    /** What only time has told needs no actor: nothing is open that could time out. */
    private Behavior<Command> passOn(Execute execute) {
        if (execute.command() instanceof TransactionCommand.Request<?>) {
            surroundings.parent().tell(new TransactionsCommand.Deliver(producer.transactionalId(), execute.command()));
        }
        return Behaviors.same();
    }

    private Behavior<Command> onStop() {
        if (!handedOver) {
            close();
            producer.abandon(
                            Errors.NOT_COORDINATOR, surroundings.setup().clock().get())
                    .forEach(Reply::send);
        }
        return Behaviors.same();
    }
}
