package io.aeon.embedded;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import io.aeon.broker.BrokerGuardian;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.BrokerSetup;
import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import io.aeon.coordinator.Now;
import io.aeon.metadata.Metadata;
import io.aeon.peers.Peers;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.threads.BlockingPool;
import io.aeon.threads.PooledActorSystem;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The actors of one broker and the threads that run them. */
final class Actors implements AutoCloseable {
    private final ActorSystem<BrokerGuardian.Command> system;
    private final Collection<BlockingPool> blocking;
    private final CompletableFuture<BrokerServices> services;

    private Actors(
            ActorSystem<BrokerGuardian.Command> system,
            Collection<BlockingPool> blocking,
            CompletableFuture<BrokerServices> services) {
        this.system = system;
        this.blocking = blocking;
        this.services = services;
    }

    /**
     * Starts the threads and the guardian actor; the other actors start when {@code metadata} completes.
     *
     * @param onFatal called when the actors cannot continue; the caller then has to close them
     */
    static Actors start(
            AeonSettings settings,
            CompletionStage<? extends Metadata> metadata,
            LogEnvironment logs,
            Supplier<Now> clock,
            Consumer<Throwable> onFatal) {
        CompletableFuture<BrokerServices> ready = new CompletableFuture<>();
        String name = "aeon-" + settings.nodeId();
        Map<Path, BlockingPool> blocking = blockingOn(name, settings);
        Behavior<BrokerGuardian.Command> guardian = BrokerGuardian.create(
                new BrokerSetup(
                        settings,
                        logs,
                        clock,
                        new CoordinatorBatches(),
                        CompactionBatches::new,
                        known -> new Peers(settings, known)::leader,
                        known -> new Peers(settings, known)::transactions,
                        threads(blocking, settings.dataDir()),
                        directory -> threads(blocking, directory)),
                metadata,
                ready,
                onFatal);
        ActorSystem<BrokerGuardian.Command> system =
                PooledActorSystem.start(guardian, name, settings.actorSystem(), SettingsSources.loader());
        system.getWhenTerminated()
                .thenRun(() -> ready.completeExceptionally(new StartException("the actors stopped during the start")));
        return new Actors(system, blocking.values(), ready);
    }

    /** Each data directory has its own threads, so that a disk that hangs blocks only those for its own work. */
    private static Map<Path, BlockingPool> blockingOn(String name, AeonSettings settings) {
        Map<Path, BlockingPool> pools = new LinkedHashMap<>();
        for (Path directory : settings.dataDirs()) {
            String number = pools.isEmpty() ? "" : "-" + pools.size();
            pools.put(directory, new BlockingPool(name + "-blocking" + number, settings.blockingThreads()));
        }
        return pools;
    }

    private static BlockingPool threads(Map<Path, BlockingPool> pools, Path directory) {
        return Objects.requireNonNull(pools.get(directory), () -> directory + " is no data directory");
    }

    ActorSystem<?> system() {
        return system;
    }

    /** Lets recurring work be done at once. */
    void perform(BrokerGuardian.Upkeep work) {
        system.tell(work);
    }

    /** The threads that may block on the disk of the metadata log. */
    Executor blocking() {
        return blocking.iterator().next();
    }

    /**
     * Blocks until the actors accept commands.
     *
     * @throws java.util.concurrent.CompletionException the actors did not start
     */
    BrokerServices services() {
        return services.join();
    }

    /**
     * Completes when all actors have stopped, after {@link #close()} or after a failure. Their logs may still be open:
     * the threads that wait for the disk close them.
     */
    CompletionStage<?> ended() {
        return system.getWhenTerminated();
    }

    /**
     * Stops the actors cleanly, each after it has closed its resources, and blocks until no thread uses a file of the
     * broker: neither an actor nor a task on the threads that wait for the disk, such as the closing of a log whose
     * actor has failed.
     */
    @Override
    public void close() {
        system.tell(BrokerGuardian.Stop.NOW);
        system.getWhenTerminated().toCompletableFuture().join();
        blocking.forEach(BlockingPool::close);
    }
}
