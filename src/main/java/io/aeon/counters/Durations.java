package io.aeon.counters;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A histogram of durations with fixed bounds from 100 microseconds to 10 seconds. Thread-safe. */
public final class Durations {
    private static final long[] BOUNDS_MICROS = {
        100,
        250,
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000
    };
    private static final long[] BOUNDS_NANOS = nanos();

    private final LongAdder[] counts =
            Stream.generate(LongAdder::new).limit(BOUNDS_NANOS.length + 1L).toArray(LongAdder[]::new);
    private final LongAdder nanos = new LongAdder();

    private static long[] nanos() {
        return IntStream.range(0, BOUNDS_MICROS.length)
                .mapToLong(i -> TimeUnit.MICROSECONDS.toNanos(BOUNDS_MICROS[i]))
                .toArray();
    }

    public void add(long durationNanos) {
        counts[bucket(durationNanos)].increment();
        nanos.add(durationNanos);
    }

    private static int bucket(long durationNanos) {
        int bucket = 0;
        while (bucket < BOUNDS_NANOS.length && durationNanos > BOUNDS_NANOS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** The inclusive upper bound of each bucket in seconds; the last one is infinite. */
    public static double[] upperBounds() {
        double[] seconds = new double[BOUNDS_MICROS.length + 1];
        for (int i = 0; i < BOUNDS_MICROS.length; i++) {
            seconds[i] = BOUNDS_MICROS[i] / 1e6;
        }
        seconds[BOUNDS_MICROS.length] = Double.POSITIVE_INFINITY;
        return seconds;
    }

    /** The number of durations in each bucket; those in lower buckets are not included. */
    public long[] counts() {
        return Stream.of(counts).mapToLong(LongAdder::sum).toArray();
    }

    /** The number of all durations. */
    public long count() {
        return Stream.of(counts).mapToLong(LongAdder::sum).sum();
    }

    /** The sum of all durations in seconds. */
    public double seconds() {
        return nanos.sum() / 1e9;
    }
}
