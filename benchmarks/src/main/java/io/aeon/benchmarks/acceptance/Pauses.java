package io.aeon.benchmarks.acceptance;

import java.util.Arrays;
import java.util.List;

/** The pauses of a broker's JVM in a time that long, told apart by whether the machine itself stood still. */
record Pauses(JvmLog logged, Standstills standstills, long nanos) {
    private static final double LIMIT_MILLIS = 50;

    /** Says what they were; one of the broker's own above the limit is a failure. */
    void check(Checks checks) {
        List<JvmLog.Safepoint> all = logged.safepoints().stream()
                .filter(pause -> !pause.isAskedFor())
                .toList();
        double[] millis =
                all.stream().mapToDouble(JvmLog.Safepoint::millis).sorted().toArray();
        checks.that(
                millis.length > 0,
                "%d safepoints: p50 %.2f ms, p99 %.2f ms",
                millis.length,
                quantile(millis, 0.5),
                quantile(millis, 0.99));
        noteCollections(checks);
        noteStandstills(checks);
        List<JvmLog.Safepoint> machines =
                all.stream().filter(this::isTheMachines).toList();
        List<JvmLog.Safepoint> own =
                all.stream().filter(pause -> !isTheMachines(pause)).toList();
        machines.forEach(pause -> noteLong(checks, "the machine's", pause));
        own.forEach(pause -> noteLong(checks, "the broker's own", pause));
        checks.note("longest pause that is the machine's: %.2f ms", longest(machines));
        checks.that(
                longest(own) <= LIMIT_MILLIS,
                "longest pause that is the broker's own: %.2f ms (at most %.0f)",
                longest(own),
                LIMIT_MILLIS);
    }

    private void noteCollections(Checks checks) {
        List<JvmLog.Collection> own = logged.collections().stream()
                .filter(pause -> !pause.isAskedFor())
                .toList();
        double millis = own.stream().mapToDouble(JvmLog.Collection::millis).sum();
        checks.note(
                "%d pauses of the collector, %d of them full: %.2f s, %.2f %% of the time",
                own.size(),
                own.stream().filter(pause -> pause.kind().startsWith("Full")).count(),
                millis / 1e3,
                millis * 1e8 / nanos);
        logged.collections().stream()
                .filter(JvmLog.Collection::isAskedFor)
                .forEach(pause -> checks.note("a full collection that this rig asked for: %.2f ms", pause.millis()));
    }

    private void noteStandstills(Checks checks) {
        List<Standstills.Standstill> found = standstills.found();
        checks.note(
                "the machine stood still %d times, longest %.0f ms",
                found.size(),
                found.stream().mapToDouble(Standstills.Standstill::millis).max().orElse(0));
    }

    private boolean isTheMachines(JvmLog.Safepoint pause) {
        return standstills.explain(pause.endNanos() - pause.totalNanos(), pause.endNanos());
    }

    private void noteLong(Checks checks, String whose, JvmLog.Safepoint pause) {
        if (pause.millis() > LIMIT_MILLIS) {
            long begun = pause.endNanos() - pause.totalNanos();
            checks.note(
                    "%s: %.1f ms for %s, %.1f of these until all threads stood; the machine stood still for %.1f (uptime %s)",
                    whose,
                    pause.millis(),
                    pause.cause(),
                    pause.reachingNanos() / 1e6,
                    standstills.nanosBetween(begun, pause.endNanos()) / 1e6,
                    pause.uptime());
        }
    }

    private static double longest(List<JvmLog.Safepoint> pauses) {
        return pauses.stream().mapToDouble(JvmLog.Safepoint::millis).max().orElse(0);
    }

    private static double quantile(double[] sorted, double quantile) {
        return Arrays.stream(sorted)
                .skip((long) (quantile * Math.max(0, sorted.length - 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
