package io.aeon.coordinator.group.environment;

import io.aeon.coordinator.Now;
import java.util.concurrent.TimeUnit;

/**
 * The heartbeat interval of members that wait for nothing. A member hears of a change with its next heartbeat, so the
 * interval is short as long as all members of this broker together send few heartbeats. Thread-safe.
 */
public final class HeartbeatPace {
    /** The shortest interval that a member is told, in milliseconds. */
    static final int SHORTEST_MS = 1000;

    private static final int HEARTBEATS_PER_SECOND = 100;
    private static final long UNKNOWN = Long.MAX_VALUE / TimeUnit.SECONDS.toMillis(1);

    private final boolean hurries;
    private boolean counts;
    private long windowStart;
    /** The sum of all intervals told in this window; a member adds the length of the window. */
    private long told;

    private long members = UNKNOWN;

    private HeartbeatPace(boolean hurries) {
        this.hurries = hurries;
    }

    /** A pace that depends on the number of members. */
    public static HeartbeatPace byNumberOfMembers() {
        return new HeartbeatPace(true);
    }

    /** A pace that is the configured one. */
    public static HeartbeatPace configured() {
        return new HeartbeatPace(false);
    }

    /**
     * The interval for a member that sends a heartbeat now. Until all members have sent one it is the configured one.
     *
     * @param configuredMs the longest interval, in milliseconds
     */
    public synchronized int intervalMs(Now now, int configuredMs) {
        if (!hurries) {
            return configuredMs;
        }
        count(now.elapsedMs(), configuredMs);
        long enough = members * TimeUnit.SECONDS.toMillis(1) / HEARTBEATS_PER_SECOND;
        int interval = (int) Math.min(configuredMs, Math.max(SHORTEST_MS, enough));
        told += interval;
        return interval;
    }

    private void count(long now, int configuredMs) {
        long elapsed = now - windowStart;
        if (!counts) {
            counts = true;
            windowStart = now;
        } else if (elapsed > configuredMs + SHORTEST_MS) {
            members = told / elapsed;
            told = 0;
            windowStart = now;
        }
    }
}
