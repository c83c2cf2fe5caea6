package io.aeon.benchmarks.comparison;

/** How much of everything one round does. */
record Sizes(
        int warmUp,
        int records1k,
        int records100,
        int latencyWarmUp,
        int latency,
        int idleSeconds,
        int rawRequests,
        int seconds,
        int catchUpMiB) {
    static final Sizes QUICK = new Sizes(500_000, 400_000, 2_000_000, 2_000, 3_000, 2, 20_000, 5, 256);
    static final Sizes FULL = new Sizes(1_000_000, 2_000_000, 10_000_000, 3_000, 10_000, 5, 100_000, 20, 2048);
}
