package io.aeon.benchmarks.hostile;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How long each call of one kind took from when it was due, by phase. Safe for several threads. */
final class Waited {
    private static final double SMALL_MILLIS = 50;
    private static final double SMALL_LIMIT_MILLIS = 100;
    private static final double FACTOR = 2;

    private final Map<Phase, Samples> phases = new EnumMap<>(Phase.class);

    synchronized void add(Phase phase, long nanos) {
        phases.computeIfAbsent(phase, first -> new Samples()).add(nanos);
    }

    synchronized Summary summary(Phase phase) {
        return phases.getOrDefault(phase, new Samples()).summary();
    }

    /** In milliseconds. */
    record Summary(int count, double p50, double p99, double longest) {
        /** Whether this is near what it was without an attack: twice that, or 100 ms where it was below 50. */
        boolean near(Summary quiet) {
            return count > 0 && p99 <= (quiet.p99 < SMALL_MILLIS ? SMALL_LIMIT_MILLIS : FACTOR * quiet.p99);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "p50 %.1f, p99 %.1f, max %.1f ms", p50, p99, longest);
        }
    }

    private static final class Samples {
        private long[] nanos = new long[1024];
        private int count;

        void add(long one) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = one;
        }

        Summary summary() {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return new Summary(count, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
        }

        private static double at(long[] sorted, double share) {
            return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e6;
        }
    }
}
