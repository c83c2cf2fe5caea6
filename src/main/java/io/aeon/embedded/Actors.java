package io.aeon.embedded;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import io.aeon.broker.BrokerGuardian;
import io.aeon.broker.BrokerServices;
import io.aeon.config.AeonSettings;
import io.aeon.metadata.Metadata;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.threads.PooledActorSystem;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The actors of one broker and the threads they run on. */
final class Actors implements AutoCloseable {
    private final ActorSystem<BrokerGuardian.Command> system;
    private final CompletableFuture<BrokerServices> services;

    private Actors(ActorSystem<BrokerGuardian.Command> system, CompletableFuture<BrokerServices> services) {
        this.system = system;
        this.services = services;
    }

    /**
     * Starts the threads and the guardian; the other actors follow when {@code metadata} is there.
     *
     * @param onFatal told when the actors cannot go on; they have to be closed
     */
    static Actors start(
            AeonSettings settings,
            CompletionStage<? extends Metadata> metadata,
            LogEnvironment logs,
            Consumer<Throwable> onFatal) {
        CompletableFuture<BrokerServices> ready = new CompletableFuture<>();
        Behavior<BrokerGuardian.Command> guardian = BrokerGuardian.create(
                settings, metadata, logs, new CoordinatorBatches(), CompactionBatches::new, ready, onFatal);
        ActorSystem<BrokerGuardian.Command> system =
                PooledActorSystem.start(guardian, "aeon-" + settings.nodeId(), settings.actorSystem());
        system.getWhenTerminated()
                .thenRun(() -> ready.completeExceptionally(new StartException("the actors ended at their start")));
        return new Actors(system, ready);
    }

    ActorSystem<?> system() {
        return system;
    }

    /** Waits until the actors take commands. */
    BrokerServices services() {
        return services.join();
    }

    /** Completes when all actors have stopped, told to or not. */
    CompletionStage<?> ended() {
        return system.getWhenTerminated();
    }

    /** Stops the actors in order, each closing what it holds, and waits for them. */
    @Override
    public void close() {
        system.tell(BrokerGuardian.Stop.NOW);
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
