package io.aeon.broker;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.broker.supervision.ReportedFaults;
import io.aeon.broker.supervision.Supervision;
import io.aeon.metadata.Metadata;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The root of the actor tree. On {@link Stop} it stops its children cleanly, each after it has closed its resources,
 * and then the actor system. Its helpers (log cleaner, housekeeper, disk watch) restart after every failure. If the
 * parent of partitions, groups or transactions fails too often, or an exception is thrown in the guardian itself, it
 * reports a fatal error and waits for {@link Stop}.
 */
public final class BrokerGuardian {
    private final GuardianChildren children;
    private final Consumer<Throwable> onFatal;
    private boolean topicsStopped;

    private BrokerGuardian(GuardianChildren children, Consumer<Throwable> onFatal) {
        this.children = children;
        this.onFatal = onFatal;
    }

    /** The messages to the guardian. */
    public sealed interface Command {}

    /** Stops all actors cleanly; the actor system terminates when everything is closed. */
    public enum Stop implements Command {
        NOW
    }

    /** Recurring work that is to be done at once. */
    public enum Upkeep implements Command {
        /** All that is due by the clock, which was moved. */
        CLOCK_MOVED,
        /** Retention of all topics. */
        RETENTION,
        /** Every producer without an open transaction is forgotten, however young it is. */
        PRODUCER_EXPIRY
    }

    record ParentStopped(String name) implements Command {}

    private record MetadataStarted(@Nullable Metadata metadata) implements Command {}

    /**
     * @param metadata only the actors wait for it, so that their threads and those of the metadata engine start in
     *     parallel
     * @param ready completes with the services for the request handlers as soon as the actors run
     * @param onFatal called after a fatal error; the guardian then waits for {@link Stop}
     */
    public static Behavior<Command> create(
            BrokerSetup setup,
            CompletionStage<? extends Metadata> metadata,
            CompletableFuture<BrokerServices> ready,
            Consumer<Throwable> onFatal) {
        return Behaviors.setup(context -> {
            context.pipeToSelf(metadata, (started, failure) -> new MetadataStarted(started));
            return BehaviorBuilder.<Command>create()
                    .onMessage(MetadataStarted.class, message -> {
                        Metadata found = message.metadata();
                        return found == null
                                ? Behaviors.stopped()
                                : started(() -> new GuardianChildren(setup, found, context), ready, onFatal);
                    })
                    .onMessage(Stop.class, stop -> Behaviors.stopped())
                    .build();
        });
    }

    private static Behavior<Command> started(
            Supplier<GuardianChildren> start, CompletableFuture<BrokerServices> ready, Consumer<Throwable> onFatal) {
        try {
            GuardianChildren children = start.get();
            ready.complete(children.services());
            return Behaviors.intercept(
                    () -> new ReportedFaults<>(Command.class, onFatal),
                    new BrokerGuardian(children, onFatal).running());
        } catch (RuntimeException e) {
            ready.completeExceptionally(e);
            return Behaviors.stopped();
        }
    }

    private Behavior<Command> running() {
        return BehaviorBuilder.<Command>create()
                .onMessage(Stop.class, stop -> stop())
                .onMessage(ParentStopped.class, this::onParentStopped)
                .onMessage(Upkeep.class, this::onUpkeep)
                .build();
    }

    private Behavior<Command> onUpkeep(Upkeep work) {
        switch (work) {
            case CLOCK_MOVED -> children.lookAtTheClock();
            case RETENTION -> children.applyRetention();
            case PRODUCER_EXPIRY -> children.expireProducers(Long.MAX_VALUE);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onParentStopped(ParentStopped parent) {
        topicsStopped |= parent.name().equals(GuardianChildren.TOPICS);
        onFatal.accept(new IllegalStateException(parent.name() + " failed more than " + Supervision.PARENT_RESTARTS
                + " times within " + Supervision.WINDOW.toSeconds() + " s"));
        return Behaviors.same();
    }

    private Behavior<Command> stop() {
        children.disconnect();
        if (topicsStopped) {
            return Behaviors.stopped();
        }
        children.stopTopics();
        return BehaviorBuilder.<Command>create()
                .onMessage(
                        ParentStopped.class,
                        parent ->
                                parent.name().equals(GuardianChildren.TOPICS) ? Behaviors.stopped() : Behaviors.same())
                .onMessage(Stop.class, again -> Behaviors.same())
                .build();
    }
}
