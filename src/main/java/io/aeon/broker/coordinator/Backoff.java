package io.aeon.broker.coordinator;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long to wait before the next try of what has failed: longer each time, until it has not failed for a while. Not
 * thread-safe.
 *
 * @param <K> names what is tried
 */
final class Backoff<K> {
    private static final long FORGET_MS = Duration.ofMinutes(10).toMillis();
    private static final int DOUBLINGS = 20;

    private final Map<K, Failures> failures = new HashMap<>();
    private final int atOnce;
    private final long firstMs;
    private final long longestMs;

    private record Failures(int count, long lastMs) {}

    /** @param atOnce how many tries follow a failure at once */
    Backoff(int atOnce, Duration first, Duration longest) {
        this.atOnce = atOnce;
        this.firstMs = first.toMillis();
        this.longestMs = longest.toMillis();
    }

    /** It has failed at {@code nowMs}, on a clock that only goes forward. */
    Duration failed(K key, long nowMs) {
        failures.values().removeIf(known -> nowMs - known.lastMs() > FORGET_MS);
        Failures known =
                failures.merge(key, new Failures(1, nowMs), (old, one) -> new Failures(old.count() + 1, nowMs));
        int pauses = known.count() - atOnce;
        return pauses <= 0
                ? Duration.ZERO
                : Duration.ofMillis(Math.min(longestMs, firstMs << Math.min(DOUBLINGS, pauses - 1)));
    }

    /** It works, or is of no interest any more. */
    void forget(K key) {
        failures.remove(key);
    }
}
