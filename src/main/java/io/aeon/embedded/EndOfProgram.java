package io.aeon.embedded;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.LoggerFactory;

/**
 * Closes a broker, or all brokers of a cluster, when the surrounding program ends without closing it. Without this the threads of Kafka's controller
 * would keep the JVM alive.
 */
final class EndOfProgram {
    /** The JVM's own thread, which waits for all other threads after the end of {@code main}. */
    private static final String WAITS_FOR_ALL = "DestroyJavaVM";

    private EndOfProgram() {}

    /**
     * Calls {@code close} when no other thread keeps the JVM alive.
     *
     * @param closed completes when there is nothing to close any more
     */
    static void closes(Runnable close, CompletionStage<Void> closed) {
        Thread watch = new Thread(BrokerStart.THREADS, () -> watch(close), "aeon-end-of-program");
        watch.setContextClassLoader(EndOfProgram.class.getClassLoader());
        watch.setDaemon(true);
        watch.start();
        closed.whenComplete((nothing, failure) -> watch.interrupt());
    }

    /**
     * Calls {@code close} also when the JVM exits, so that a temporary directory is removed.
     *
     * @param closed completes when there is nothing to close any more
     */
    static void closesAtExit(Runnable close, CompletionStage<?> closed) {
        Thread hook = new Thread(close, "aeon-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        closed.whenComplete((nothing, failure) -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                LoggerFactory.getLogger(EndOfProgram.class).debug("The JVM exits already", e);
            }
        });
    }

    /**
     * Waits for all other threads, then calls {@code close} on a non-daemon thread, so that the JVM cannot end before
     * it returns.
     */
    private static void watch(Runnable close) {
        try {
            for (Optional<Thread> other = anyOther(); other.isPresent(); other = anyOther()) {
                other.get().join();
            }
            Thread closer = new Thread(close, "aeon-end");
            closer.setDaemon(false);
            closer.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<Thread> anyOther() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[all.activeCount() * 2 + 16];
        int count = all.enumerate(threads, true);
        return Arrays.stream(threads, 0, count)
                .filter(thread -> thread.isAlive() && !thread.isDaemon())
                .filter(thread -> !thread.getName().equals(WAITS_FOR_ALL) && !isOfABroker(thread))
                .findAny();
    }

    private static boolean isOfABroker(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group == null || group.getName().equals(BrokerStart.THREADS.getName());
    }
}
