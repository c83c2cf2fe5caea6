package io.aeon.threads;

import akka.actor.BootstrapSetup;
import akka.actor.ExtendedActorSystem;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Adapter;
import com.typesafe.config.Config;

/** Actor systems with a {@link WorkerPool} of their own. */
public final class PooledActorSystem {
    private PooledActorSystem() {}

    /**
     * Starts one, with one thread more than cores, which end with it.
     *
     * @param config with the default dispatcher on the default executor, the network's on {@link NetworkWait}
     */
    public static <T> ActorSystem<T> start(Behavior<T> guardian, String name, Config config) {
        WorkerPool pool = new WorkerPool(name + "-worker", Runtime.getRuntime().availableProcessors() + 1);
        pool.start();
        try {
            ActorSystem<T> system = ActorSystem.create(
                    guardian,
                    name,
                    ActorSystemSetup.create(BootstrapSetup.create(config)
                            .withClassloader(PooledActorSystem.class.getClassLoader())
                            .withDefaultExecutionContext(pool)));
            // What Akka does about an error that it must not go on after, it does in its threads' handler.
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
}
