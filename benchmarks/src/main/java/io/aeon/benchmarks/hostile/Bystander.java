package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A good client: each of its calls is due at a fixed rate, and its time counts from then, so that a stall costs every
 * call of the same client behind it. Calls count for the phase in which they were due.
 */
final class Bystander {
    private static final int ERRORS_KEPT = 5;
    private static final long END_LIMIT_MILLIS = 40_000;

    private final Map<String, Waited> waited = new LinkedHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ExecutorService otherClients = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "another client");
        thread.setDaemon(true);
        return thread;
    });
    private final List<String> errors = new ArrayList<>();
    private final AtomicInteger errorCount = new AtomicInteger();
    private final AtomicLongArray begunNanos = new AtomicLongArray(Phase.values().length);
    private final long startedNanos = System.nanoTime();
    private volatile Phase latest = Phase.WARM_UP;
    private volatile boolean stopped;

    Bystander(List<Call> calls) {
        for (Call call : calls) {
            Waited waits = new Waited();
            waited.put(call.name(), waits);
            Thread thread = new Thread(() -> repeat(call, waits), call.name());
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void repeat(Call call, Waited waits) {
        long every = TimeUnit.MILLISECONDS.toNanos(call.everyMillis());
        long due = System.nanoTime();
        while (!stopped) {
            long begun = due;
            if (call.isOfAnotherClient()) {
                otherClients.execute(() -> make(call, waits, begun));
            } else {
                make(call, waits, begun);
            }
            due += every;
            long early = due - System.nanoTime();
            if (early > 0) {
                BrokerProcess.pause(TimeUnit.NANOSECONDS.toMillis(early));
            }
        }
        try {
            call.end();
        } catch (Exception e) {
            failed(call, latest, e);
        }
    }

    private void make(Call call, Waited waits, long due) {
        Phase dueIn = phaseAt(due);
        try {
            call.make();
        } catch (Exception e) {
            failed(call, dueIn, e);
        }
        waits.add(dueIn, System.nanoTime() - due);
    }

    private void failed(Call call, Phase dueIn, Exception e) {
        errorCount.incrementAndGet();
        synchronized (errors) {
            if (errors.size() < ERRORS_KEPT) {
                errors.add(call.name() + " in " + dueIn + ": " + e);
            }
        }
        BrokerProcess.pause(call.everyMillis());
    }

    void begin(Phase next) {
        begunNanos.set(next.ordinal(), System.nanoTime() - startedNanos);
        latest = next;
    }

    private Phase phaseAt(long nanos) {
        Phase at = latest;
        while (at != Phase.WARM_UP && begunNanos.get(at.ordinal()) > nanos - startedNanos) {
            at = Phase.values()[at.ordinal() - 1];
        }
        return at;
    }

    /** The calls' names and times. */
    Map<String, Waited> waited() {
        return waited;
    }

    int errorCount() {
        return errorCount.get();
    }

    /** The first few errors. */
    List<String> errors() {
        synchronized (errors) {
            return List.copyOf(errors);
        }
    }

    /** Returns when every call has ended, or has had its time. */
    void finish() throws InterruptedException {
        stopped = true;
        long begun = System.nanoTime();
        for (Thread thread : threads) {
            long left = END_LIMIT_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            thread.join(Math.max(1, left));
        }
        otherClients.shutdown();
        otherClients.awaitTermination(END_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }
}
