package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.ProcessStats;
import java.io.IOException;

/**
 * CPU seconds that were neither the broker's nor this program's, nor those of its children that have ended.
 *
 * @param nanos when they were read
 */
record OtherLoad(long nanos, double seconds) {
    static OtherLoad now(BrokerProcess broker) throws IOException {
        double known =
                broker.stats().cpuSeconds() + ProcessStats.ownCpuSeconds() + ProcessStats.endedChildrenCpuSeconds();
        return new OtherLoad(System.nanoTime(), ProcessStats.machineCpuSeconds() - known);
    }

    /** How many processors were busy with other programs since then, on average. */
    double processorsSince(OtherLoad before) {
        return Math.max(0, seconds - before.seconds) * 1e9 / (nanos - before.nanos);
    }
}
