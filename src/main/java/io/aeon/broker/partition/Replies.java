package io.aeon.broker.partition;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes the replies of one partition on an executor, in the order in which they were given. What is done after a
 * reply runs on the stack of who completes it, and whatever that is, it must not hold the partition. Thread-safe.
 */
final class Replies {
    private static final Logger logger = LoggerFactory.getLogger(Replies.class);

    private final Executor executor;
    private final Queue<Runnable> given = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();

    /** @param executor threads for what does not block */
    Replies(Executor executor) {
        this.executor = executor;
    }

    <T> void complete(CompletableFuture<T> reply, T value) {
        run(() -> reply.complete(value));
    }

    void fail(PartitionCommand command, Throwable cause) {
        run(() -> command.fail(cause));
    }

    /** Runs what completes one reply or more. */
    void run(Runnable completion) {
        given.add(completion);
        if (open.getAndIncrement() > 0) {
            return;
        }
        try {
            executor.execute(this::runGiven);
        } catch (RejectedExecutionException e) {
            // The broker ends: no partition has anything left to do that could be held up.
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
            logger.error("a reply could not be given", e);
        }
    }
}
