package io.aeon.api.telemetry;

import io.aeon.api.ClientConnection;
import io.aeon.api.telemetry.Subscriptions.Wanted;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Whether one client keeps to what it was told (KIP-714): the interval, the subscription, and no push after its last
 * one. Times are milliseconds of a monotonic clock. Thread-safe.
 */
final class TelemetryClient {
    private static final long LEAST_LIFE_MS = 60_000;
    private static final int LIFE_IN_INTERVALS = 3;
    private static final long LONGEST_INTERVAL_MS = 3_600_000;

    private final int version;
    private final int subscriptionId;
    private final int intervalMs;
    private long lastGet;
    private long lastPush;
    private long lastSeen;
    private boolean terminating;
    private Errors lastError = Errors.NONE;
    private @Nullable ClientConnection connection;
    private ClientConnection.@Nullable Registration end;

    /**
     * A client that has asked for nothing yet.
     *
     * @param version of the subscriptions
     */
    TelemetryClient(Wanted wanted, int version, long now) {
        this.version = version;
        this.subscriptionId = wanted.id();
        this.intervalMs = wanted.intervalMs();
        this.lastGet = now - LONGEST_INTERVAL_MS;
        this.lastPush = lastGet;
        this.lastSeen = now;
    }

    int version() {
        return version;
    }

    synchronized void seen(long now) {
        lastSeen = now;
    }

    synchronized boolean isExpired(long now) {
        return now - lastSeen >= Math.max(LEAST_LIFE_MS, (long) LIFE_IN_INTERVALS * intervalMs);
    }

    /** The client has asked for its subscription. The result is NONE or the error for the client. */
    synchronized Errors get(long now) {
        if (now - Math.max(lastGet, lastPush) >= intervalMs) {
            lastGet = now;
        } else if (lastError != Errors.UNKNOWN_SUBSCRIPTION_ID && lastError != Errors.UNSUPPORTED_COMPRESSION_TYPE) {
            return Errors.THROTTLING_QUOTA_EXCEEDED;
        }
        lastError = Errors.NONE;
        return Errors.NONE;
    }

    /** The client has pushed metrics. The result is NONE or the error for the client. */
    synchronized Errors push(Push pushed, long now) {
        lastError = problem(pushed, now);
        terminating = pushed.terminating();
        return lastError;
    }

    /**
     * @param problem NONE if the size and the codec of the metrics are allowed
     * @param terminating whether the client says that it is the last one
     */
    record Push(int subscriptionId, Errors problem, boolean terminating) {}

    private Errors problem(Push pushed, long now) {
        if (terminating) {
            return Errors.INVALID_REQUEST;
        }
        if (!isInTime(now) && !pushed.terminating()) {
            return Errors.THROTTLING_QUOTA_EXCEEDED;
        }
        return pushed.subscriptionId() == subscriptionId ? pushed.problem() : Errors.UNKNOWN_SUBSCRIPTION_ID;
    }

    /**
     * The first push after a request for the subscription may come at any time: clients wait between half and 1.5
     * intervals.
     */
    private boolean isInTime(long now) {
        boolean inTime = lastGet > lastPush || now - lastPush >= intervalMs;
        if (inTime) {
            lastPush = now;
        }
        return inTime;
    }

    /** The metrics could not be read. */
    synchronized void pushedInvalid() {
        lastError = Errors.INVALID_RECORD;
    }

    /** The client uses this connection now; {@code action} runs at its end instead of at the end of an earlier one. */
    void uses(ClientConnection now, Runnable action) {
        ClientConnection.Registration before;
        synchronized (this) {
            if (now.equals(connection)) {
                return;
            }
            before = end;
            connection = now;
            end = null;
        }
        if (before != null) {
            before.cancel();
        }
        ClientConnection.Registration registration = now.onEnd(action);
        synchronized (this) {
            end = registration;
        }
    }

    /** The end of its connection is of no interest any more. */
    void forgotten() {
        ClientConnection.Registration before;
        synchronized (this) {
            before = end;
            end = null;
        }
        if (before != null) {
            before.cancel();
        }
    }
}
