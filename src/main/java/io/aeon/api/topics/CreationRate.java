package io.aeon.api.topics;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many topics the clients of one address create by asking for them: 1,000 at once, and 20 more each second. A
 * client retries for the others, as it does for a topic that is being created. Remembers the last 1,000 addresses.
 * Thread-safe.
 */
final class CreationRate {
    static final int AT_ONCE = 1000;
    static final int PER_SECOND = 20;

    private static final int MOST_ADDRESSES = 1000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final LongSupplier nanoTime;
    /** The address that has created nothing for longest comes first. */
    private final Map<@Nullable InetAddress, Left> byAddress = new LinkedHashMap<>();

    private record Left(double topics, long nanos) {}

    /** @param nanoTime a monotonic clock in nanoseconds */
    CreationRate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Takes up to {@code wanted} topics; returns how many the clients of this address may create now. */
    synchronized int take(@Nullable InetAddress client, int wanted) {
        long now = nanoTime.getAsLong();
        Left before = byAddress.remove(client);
        double left = before == null
                ? AT_ONCE
                : Math.min(AT_ONCE, before.topics() + (now - before.nanos()) * PER_SECOND / NANOS_PER_SECOND);
        int taken = (int) Math.min(wanted, left);
        byAddress.put(client, new Left(left - taken, now));
        if (byAddress.size() > MOST_ADDRESSES) {
            Iterator<?> eldest = byAddress.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return taken;
    }
}
