package io.aeon.threads;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;

/**
 * Runs the short tasks of the network, which accept, read and write, on the {@link WorkerPool} before the tasks that
 * work on requests. So connections that have much work under way do not delay those that begin. Configured as the {@code
 * executor} of the dispatcher of Akka's connections.
 */
public final class NetworkTasks extends ExecutorServiceConfigurator {
    private final WorkerPool pool;

    /** Called by Akka through reflection. */
    public NetworkTasks(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        pool = (WorkerPool) prerequisites.defaultExecutionContext().get();
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        return () -> new PoolView(pool::executeSoon);
    }
}
