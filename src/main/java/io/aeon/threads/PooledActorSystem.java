package io.aeon.threads;

import akka.actor.BootstrapSetup;
import akka.actor.ExtendedActorSystem;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.setup.Setup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Adapter;
import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.Executor;

/** Starts actor systems that have their own {@link WorkerPool}. */
public final class PooledActorSystem {
    private PooledActorSystem() {}

    /**
     * Starts an actor system with one thread more than cores; the threads end with it.
     *
     * @param config default dispatcher on the default executor, the network's dispatcher on {@link NetworkWait}
     * @param loader finds the classes that the settings name, and Akka's defaults
     */
    public static <T> ActorSystem<T> start(Behavior<T> guardian, String name, Config config, ClassLoader loader) {
        WorkerPool pool = new WorkerPool(name + "-worker", Runtime.getRuntime().availableProcessors() + 1);
        pool.start();
        try {
            ActorSystem<T> system = ActorSystem.create(
                    guardian,
                    name,
                    ActorSystemSetup.create(
                            BootstrapSetup.create(config)
                                    .withClassloader(loader)
                                    .withDefaultExecutionContext(pool),
                            new Pooled(pool)));
            // Akka's reaction to a fatal error is in the uncaught exception handler of its threads.
            ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
            pool.setUncaughtExceptionHandler(
                    classic.threadFactory().newThread(() -> {}).getUncaughtExceptionHandler());
            system.getWhenTerminated().thenRun(pool::close);
            return system;
        } catch (Throwable e) {
            pool.close();
            throw e;
        }
    }

    /**
     * Runs tasks on the pool of the system, each after other work; see {@link WorkerPool#executeYielding}.
     *
     * @param system started here
     */
    public static Executor yielding(ActorSystem<?> system) {
        return poolOf(system)::executeYielding;
    }

    /**
     * The threads of the system's pool.
     *
     * @param system started here
     */
    public static List<? extends Thread> threads(ActorSystem<?> system) {
        return poolOf(system).workers();
    }

    private static WorkerPool poolOf(ActorSystem<?> system) {
        return system.settings().setup().get(Pooled.class).orElseThrow().pool;
    }

    /** How the system tells its pool. */
    private static final class Pooled extends Setup {
        private final WorkerPool pool;

        private Pooled(WorkerPool pool) {
            this.pool = pool;
        }
    }
}
