package io.aeon.broker.partition.actor;

import io.aeon.storage.producer.LogProducers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heap that the open logs of all partitions may take for what they remember of producers. A client can write under
 * any number of producer ids. Beyond the limit the log with the most producers forgets the half of them that wrote
 * longest ago and have no open transaction, which is what their expiry would do. So a producer that writes is forgotten
 * last, and its repeated batches are still recognised. Thread-safe.
 */
public final class ProducerLimit {
    private static final Logger logger = LoggerFactory.getLogger(ProducerLimit.class);
    /** Heap of a producer in one log with its five last batches (measured with a million). */
    private static final long PRODUCER_BYTES = 200;
    /** New producers of all logs between two counts. */
    private static final int BETWEEN_COUNTS = 1000;

    private static final long BETWEEN_REPORTS_NANOS = Duration.ofMinutes(1).toNanos();

    private final long most;
    private final Executor counting;
    private final LongSupplier nanoTime;
    private final Set<LogProducers> logs = Collections.newSetFromMap(new WeakHashMap<>());
    private final AtomicInteger added = new AtomicInteger();
    private long forgotten;
    private long reported;

    /** No limit. */
    public static ProducerLimit none() {
        return new ProducerLimit(Long.MAX_VALUE, Runnable::run, System::nanoTime);
    }

    /**
     * @param mostBytes of heap
     * @param counting where the producers of all logs are counted, and forgotten, now and then
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public ProducerLimit(long mostBytes, Executor counting, LongSupplier nanoTime) {
        this.most = mostBytes / PRODUCER_BYTES;
        this.counting = counting;
        this.nanoTime = nanoTime;
        this.reported = nanoTime.getAsLong() - BETWEEN_REPORTS_NANOS;
    }

    /** Counts the producers of an open log from now on, as long as they are in use. */
    Watched watch(LogProducers producers) {
        synchronized (logs) {
            logs.add(producers);
        }
        Watched watched = new Watched(producers);
        watched.look();
        return watched;
    }

    /** The producers of one log. Used by the owner of the log. */
    final class Watched {
        private final LogProducers producers;
        private int seen;

        private Watched(LogProducers producers) {
            this.producers = producers;
        }

        /** To be called after appends; fast as long as there is no new producer. */
        void look() {
            int now = producers.states().size();
            if (now > seen && added.addAndGet(now - seen) >= BETWEEN_COUNTS) {
                added.set(0);
                counting.execute(ProducerLimit.this::relieve);
            }
            seen = now;
        }
    }

    private void relieve() {
        List<LogProducers> all;
        synchronized (logs) {
            all = new ArrayList<>(logs);
        }
        relieve(all);
    }

    private synchronized void relieve(List<LogProducers> all) {
        long total = all.stream().mapToLong(ProducerLimit::size).sum();
        int less = -1;
        while (total > most && less != 0) {
            less = Collections.max(all, Comparator.comparingLong(ProducerLimit::size))
                    .states()
                    .forgetIdlest();
            total -= less;
            forgotten += less;
        }
        report();
    }

    private static long size(LogProducers producers) {
        return producers.states().size();
    }

    private void report() {
        long now = nanoTime.getAsLong();
        if (forgotten > 0 && now - reported >= BETWEEN_REPORTS_NANOS) {
            logger.warn(
                    "{} producers that wrote longest ago are forgotten: the logs of this broker may remember {}"
                            + " (aeon.limits.producers)",
                    forgotten,
                    most);
            reported = now;
            forgotten = 0;
        }
    }
}
