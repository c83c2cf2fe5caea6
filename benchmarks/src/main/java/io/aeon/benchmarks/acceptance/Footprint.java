package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.ProcessStats;
import java.io.IOException;

/** What a broker holds at one moment, and how much CPU and what records it had had until then. */
record Footprint(
        long nanos,
        double memoryMiB,
        int files,
        int mappings,
        int threads,
        double brokerCpuSeconds,
        double clientsCpuSeconds,
        double machineCpuSeconds,
        long acknowledged,
        long delivered) {

    static Footprint of(ProcessStats stats, MixedClients clients) throws IOException {
        return new Footprint(
                System.nanoTime(),
                stats.anonymousMiB(),
                stats.openFiles(),
                stats.mappings(),
                stats.threads(),
                stats.cpuSeconds(),
                clients.cpuSeconds(),
                ProcessStats.machineCpuSeconds(),
                clients.acknowledged(),
                clients.delivered());
    }
}
