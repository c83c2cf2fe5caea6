package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.PartitionCommand;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes the replies of one partition on an executor, in the order in which they were given. The dependent stages of
 * a reply run on the completing thread and must not block the partition. Thread-safe.
 */
public final class Replies {
    private static final Logger logger = LoggerFactory.getLogger(Replies.class);

    private final Executor executor;
    private final Queue<Runnable> given = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();

    /** @param executor threads for work that does not block */
    public Replies(Executor executor) {
        this.executor = executor;
    }

    <T> void complete(CompletableFuture<T> reply, T value) {
        run(() -> reply.complete(value));
    }

    void fail(PartitionCommand command, Throwable cause) {
        run(() -> command.fail(cause));
    }

    /** Runs {@code completion}, which completes one or more replies. */
    void run(Runnable completion) {
        given.add(completion);
        if (open.getAndIncrement() > 0) {
            return;
        }
        try {
            executor.execute(this::runGiven);
        } catch (RejectedExecutionException e) {
            // The broker is stopping: no partition has work left that this thread could delay.
            runGiven();
        }
    }

    private void runGiven() {
        for (int left = open.get(); left > 0; left = open.addAndGet(-left)) {
            for (int i = 0; i < left; i++) {
                runOne();
            }
        }
    }

    private void runOne() {
        try {
            given.remove().run();
        } catch (RuntimeException e) {
            logger.error("a reply failed", e);
        }
    }
}
