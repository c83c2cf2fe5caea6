package io.aeon.threads;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

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
        return () -> new Waits(pool);
    }

    /** Akka starts and stops this executor; the pool ignores that, because it outlives the dispatcher. */
    private static final class Waits extends AbstractExecutorService {
        private final WorkerPool pool;

        private Waits(WorkerPool pool) {
            this.pool = pool;
        }

        @Override
        public void execute(Runnable wait) {
            pool.executeWait(wait);
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }
}
