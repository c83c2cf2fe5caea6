package io.aeon.metadata.raft;

import io.aeon.metadata.raft.Suspects.Connect;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to the ports of processes that are under suspicion, and reports those that are gone. It has one thread,
 * which exists only while there are connects to make. Thread-safe.
 *
 * @param <K> identifies a process
 */
public final class PortWatch<K> implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(PortWatch.class);
    private static final int CONNECT_TIMEOUT_MS = 200;
    private static final long IDLE_MS = 1000;

    private final Suspects<K> suspects = new Suspects<>();
    private final Function<K, Optional<InetSocketAddress>> address;
    private final Consumer<K> onGone;
    private final Time time;
    private final ScheduledThreadPoolExecutor thread;
    private volatile boolean suspecting;

    /**
     * @param name of the thread
     * @param address where a process listens; empty if it is not known, or does not matter any more
     * @param onGone called on the thread with each process that is gone
     */
    public PortWatch(String name, Function<K, Optional<InetSocketAddress>> address, Consumer<K> onGone, Time time) {
        this.address = address;
        this.onGone = onGone;
        this.time = time;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread started = new Thread(task, name);
            started.setDaemon(true);
            return started;
        });
        thread.setKeepAliveTime(IDLE_MS, TimeUnit.MILLISECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** A connection to the process has ended. */
    public void suspect(K process) {
        suspecting = true;
        execute(() -> suspects.suspect(process, time.milliseconds()), 0);
    }

    /** The process has given a sign of life. */
    public void acquit(K process) {
        if (suspecting) {
            execute(() -> suspects.acquit(process), 0);
        }
    }

    private void execute(Runnable task, long delayMs) {
        try {
            var unused = thread.schedule(
                    () -> {
                        task.run();
                        connect();
                    },
                    delayMs,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            logger.debug("The node stops", e);
        }
    }

    private void connect() {
        for (K process : suspects.due(time.milliseconds())) {
            address.apply(process).ifPresentOrElse(at -> connect(process, at), () -> suspects.acquit(process));
        }
        suspecting = suspects.nextDue() != Suspects.NEVER;
        if (suspecting) {
            execute(() -> {}, Math.max(0, suspects.nextDue() - time.milliseconds()));
        }
    }

    private void connect(K process, InetSocketAddress at) {
        if (suspects.answered(process, connect(at), time.milliseconds())) {
            onGone.accept(process);
        }
    }

    /** What a connect meets; blocks for a short time at most. */
    static Connect connect(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_TIMEOUT_MS);
            return Connect.ACCEPTED;
        } catch (ConnectException e) {
            return Connect.REFUSED;
        } catch (IOException e) {
            return Connect.NO_ANSWER;
        }
    }

    /** Waits for the connect under way. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            var unused = thread.awaitTermination(2 * CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
