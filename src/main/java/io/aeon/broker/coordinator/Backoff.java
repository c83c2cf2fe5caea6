package io.aeon.broker.coordinator;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Computes the pause before the next try after a failure. The pause grows with each failure until there was none for
 * ten minutes. Not thread-safe.
 *
 * @param <K> identifies the work that is retried
 */
final class Backoff<K> {
    private static final long FORGET_MS = Duration.ofMinutes(10).toMillis();
    private static final int DOUBLINGS = 20;

    private final Map<K, Failures> failures = new HashMap<>();
    private final int atOnce;
    private final long firstMs;
    private final long longestMs;

    private record Failures(int count, long lastMs) {}

    /** @param atOnce number of failures after which the next try follows without a pause */
    Backoff(int atOnce, Duration first, Duration longest) {
        this.atOnce = atOnce;
        this.firstMs = first.toMillis();
        this.longestMs = longest.toMillis();
    }

    /**
     * Records a failure at {@code nowMs}, on a monotonic clock.
     *
     * @return pause before the next try
     */
    Duration failed(K key, long nowMs) {
        failures.values().removeIf(known -> nowMs - known.lastMs() > FORGET_MS);
        Failures known =
                failures.merge(key, new Failures(1, nowMs), (old, one) -> new Failures(old.count() + 1, nowMs));
        int pauses = known.count() - atOnce;
        return pauses <= 0
                ? Duration.ZERO
                : Duration.ofMillis(Math.min(longestMs, firstMs << Math.min(DOUBLINGS, pauses - 1)));
    }

    /** Forgets the failures of {@code key}, because the work succeeded or is no longer needed. */
    void forget(K key) {
        failures.remove(key);
    }
}
