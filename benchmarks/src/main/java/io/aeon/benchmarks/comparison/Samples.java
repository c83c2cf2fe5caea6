package io.aeon.benchmarks.comparison;

import io.aeon.benchmarks.broker.Cost;
import java.io.IOException;

/** Where the figures of one broker's turn go. */
interface Samples {
    double GIB = 1 << 30;

    void add(Metric metric, double value, boolean noisy) throws IOException;

    /** Two lines: the broker's CPU seconds per GiB, and the rate, which follows it. */
    default void throughput(Metric cpu, Cost.Measured<Double> measured, double bytes) throws IOException {
        Cost cost = measured.cost();
        add(cpu, cost.brokerSeconds() / (bytes / GIB), cost.noisy());
        add(Metric.values()[cpu.ordinal() + 1], measured.value(), cost.noisy());
    }
}
