package io.aeon.network;

import akka.actor.Cancellable;
import io.aeon.api.ApiTable;
import io.aeon.protocol.Request;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The throttle times of one connection: a client that has exceeded its quota is answered at once, and then waits
 * (KIP-219). Used on the connection's own thread.
 */
final class ThrottleTimes {
    /** A client is near its quota until this many answers in succession have not been throttled. */
    private static final int NEAR = 16;

    private final ApiTable apis;
    private final Connection connection;
    private final Later later;
    private final Runnable over;
    private @Nullable Cancellable timer;
    private long until;
    private int latest;
    private int near;

    /** Runs tasks later, on the connection's own thread. */
    interface Later {
        Cancellable run(int ms, Runnable task);
    }

    /** @param over called when the last throttle time has ended */
    ThrottleTimes(ApiTable apis, Connection connection, Later later, Runnable over) {
        this.apis = apis;
        this.connection = connection;
        this.later = later;
        this.over = over;
    }

    /** Whether a throttle time is not over. */
    boolean isOn() {
        return timer != null;
    }

    /**
     * Whether the next answer is likely to be throttled: a request that is taken before would keep its memory for the
     * throttle time.
     */
    boolean isNear() {
        return near > 0;
    }

    /** Counts a reply that is about to be sent, and writes the throttle time into it if a quota limits its API. */
    void count(Exchange exchange) {
        int throttleMs = apis.isLimited(exchange.request().api()) ? throttleMs(exchange) : 0;
        if (throttleMs > 0) {
            exchange.unmeasured();
            near = NEAR;
            start(throttleMs);
        } else if (near > 0) {
            near--;
        }
    }

    private int throttleMs(Exchange exchange) {
        Request request = exchange.request();
        return apis.throttle(
                request.api(),
                exchange.reply().join(),
                connection.context(request),
                exchange.requestBytes(),
                exchange.answerBytes());
    }

    private void start(int ms) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        if (timer == null || end - until > 0) {
            stopped();
            until = end;
            latest++;
            int number = latest;
            timer = later.run(ms, () -> end(number));
        }
    }

    /** A timer that was replaced may have run out at the same time. */
    private void end(int number) {
        if (number == latest) {
            timer = null;
            over.run();
        }
    }

    /** The connection has ended: nothing keeps it in memory for the rest of the throttle time. */
    void stopped() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
