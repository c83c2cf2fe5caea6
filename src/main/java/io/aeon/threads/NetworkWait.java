package io.aeon.threads;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;

/**
 * Runs Akka's wait for network events on the {@link WorkerPool} that is the actor system's default executor. Configured
 * as the {@code executor} of the dispatcher in Akka's {@code io.tcp.selector-dispatcher}. The throughput of that
 * dispatcher must be 1: between two waits the pool chooses the next task.
 */
public final class NetworkWait extends ExecutorServiceConfigurator {
    private final WorkerPool pool;

    /** Called by Akka through reflection. */
    public NetworkWait(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        pool = (WorkerPool) prerequisites.defaultExecutionContext().get();
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        return () -> new PoolView(pool::executeWait);
    }
}
