package io.aeon.network;

import io.aeon.api.ApiTable;
import io.aeon.protocol.Request;

/**
 * The throttle times of one connection: a client that has exceeded its quota is answered at once, and then waits
 * (KIP-219). Used on the connection's own thread.
 */
final class ThrottleTimes {
    private final ApiTable apis;
    private final Connection connection;
    private final Later later;
    private final Runnable over;
    private int running;

    /** Runs tasks later, on the connection's own thread. */
    interface Later {
        void run(int ms, Runnable task);
    }

    /** @param over called at the end of each throttle time */
    ThrottleTimes(ApiTable apis, Connection connection, Later later, Runnable over) {
        this.apis = apis;
        this.connection = connection;
        this.later = later;
        this.over = over;
    }

    /** Whether a throttle time is not over. */
    boolean isOn() {
        return running > 0;
    }

    /** Counts a reply that is about to be sent, and writes the throttle time into it. */
    void count(Exchange exchange) {
        Request request = exchange.request();
        int throttleMs = apis.throttle(
                request.api(),
                exchange.reply().join(),
                connection.context(request),
                exchange.requestBytes(),
                exchange.answerBytes());
        if (throttleMs > 0) {
            exchange.unmeasured();
            running++;
            later.run(throttleMs, this::end);
        }
    }

    private void end() {
        running--;
        over.run();
    }
}
