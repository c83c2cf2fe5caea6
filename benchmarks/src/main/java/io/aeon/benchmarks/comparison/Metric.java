package io.aeon.benchmarks.comparison;

/** One line of the table. Several can come from the same row, which is what is chosen and run. */
enum Metric {
    START("start", "start to ready", "ms"),
    MEMORY_IDLE("memory", "memory, idle", "MiB"),
    MEMORY_LOADED("memory", "memory, after load", "MiB"),
    PRODUCE_1K_CPU("produce-1k", "produce 1 KiB, acks=1: broker CPU", "s/GiB"),
    PRODUCE_1K_RATE("produce-1k", "produce 1 KiB, acks=1", "MiB/s"),
    PRODUCE_100_CPU("produce-100", "produce 100 B, acks=1: broker CPU", "s/GiB"),
    PRODUCE_100_RATE("produce-100", "produce 100 B, acks=1", "MiB/s"),
    PRODUCE_RAW_CPU("produce-raw", "produce 1 KiB, encoded before, 5 in flight: broker CPU", "s/GiB"),
    PRODUCE_RAW_RATE("produce-raw", "produce 1 KiB, encoded before, 5 in flight", "MiB/s"),
    PRODUCE_ALL_ONE_CPU("produce-all-1", "produce 1 KiB, acks=all, 1 partition: broker CPU", "s/GiB"),
    PRODUCE_ALL_ONE_RATE("produce-all-1", "produce 1 KiB, acks=all, 1 partition", "MiB/s"),
    PRODUCE_ALL_CPU("produce-all", "produce 1 KiB, acks=all, 6 partitions: broker CPU", "s/GiB"),
    PRODUCE_ALL_RATE("produce-all", "produce 1 KiB, acks=all, 6 partitions", "MiB/s"),
    PLAIN_CPU("idempotent", "produce 1 KiB, acks=all, not idempotent: broker CPU", "s/GiB"),
    PLAIN_RATE("idempotent", "produce 1 KiB, acks=all, not idempotent", "MiB/s"),
    IDEMPOTENT_CPU("idempotent", "produce 1 KiB, acks=all, idempotent: broker CPU", "s/GiB"),
    IDEMPOTENT_RATE("idempotent", "produce 1 KiB, acks=all, idempotent", "MiB/s"),
    TRANSACTIONS_RATE("transactions", "transactions of 1,000 records of 1 KiB", "records/s"),
    COMMIT_P50("transactions", "commit of such a transaction: p50", "us"),
    COMMIT_P99("transactions", "commit of such a transaction: p99", "us"),
    WIDE_CPU("wide", "1,000 partitions in turn, 4 producers, small batches: broker CPU a million records", "s"),
    CONSUME_1K_CPU("consume-1k", "consume 1 KiB: broker CPU", "s/GiB"),
    CONSUME_1K_RATE("consume-1k", "consume 1 KiB", "MiB/s"),
    CONSUME_100_CPU("consume-100", "consume 100 B: broker CPU", "s/GiB"),
    CONSUME_100_RATE("consume-100", "consume 100 B", "MiB/s"),
    FETCH_RAW_CPU("fetch-raw", "fetch 1 MiB, not decoded: broker CPU", "s/GiB"),
    FETCH_RAW_RATE("fetch-raw", "fetch 1 MiB, not decoded", "MiB/s"),
    FAN_OUT_CPU("fan-out", "20 consumers at the tail: broker CPU for what is delivered", "s/GiB"),
    SPARSE_CPU("sparse", "consumer of 1,000 partitions, 10 active: broker CPU a record", "us"),
    LATENCY_P50("latency", "end to end, one in flight, acks=1: p50", "us"),
    LATENCY_P99("latency", "end to end, one in flight, acks=1: p99", "us"),
    OPEN_LOOP_P999("open-loop", "1,000 records a second, open loop, acks=1: p99.9", "us"),
    CONNECTIONS("connections", "500 connections: memory of each", "KiB"),
    CONNECTIONS_MANY("connections-10000", "10,000 connections: memory of each", "KiB"),
    CREATE_1000("partitions-1000", "1,000 partitions: create", "s"),
    RESTART_1000("partitions-1000", "1,000 partitions: clean restart", "s"),
    CREATE_5000("partitions-5000", "5,000 partitions: create", "s"),
    RESTART_5000("partitions-5000", "5,000 partitions: clean restart", "s"),
    CLUSTER_MEMORY_IDLE("cluster-memory", "three nodes: memory of all, idle", "MiB"),
    CLUSTER_MEMORY_LOADED("cluster-memory", "three nodes: memory of all, after load", "MiB"),
    CLUSTER_PRODUCE_1K_CPU("cluster-produce-1k", "three nodes, produce 1 KiB, 6 partitions: CPU of all", "s/GiB"),
    CLUSTER_PRODUCE_1K_RATE("cluster-produce-1k", "three nodes, produce 1 KiB, 6 partitions", "MiB/s"),
    CLUSTER_PRODUCE_ONE_CPU("cluster-produce-1", "three nodes, produce 1 KiB, 1 partition: CPU of all", "s/GiB"),
    CLUSTER_PRODUCE_ONE_RATE("cluster-produce-1", "three nodes, produce 1 KiB, 1 partition", "MiB/s"),
    CLUSTER_PRODUCE_100_CPU("cluster-produce-100", "three nodes, produce 100 B, 6 partitions: CPU of all", "s/GiB"),
    CLUSTER_PRODUCE_100_RATE("cluster-produce-100", "three nodes, produce 100 B, 6 partitions", "MiB/s"),
    CLUSTER_LATENCY_P50("cluster-latency", "three nodes, end to end, one in flight: p50", "us"),
    CLUSTER_LATENCY_P99("cluster-latency", "three nodes, end to end, one in flight: p99", "us"),
    CLUSTER_CATCH_UP("cluster-catch-up", "three nodes: one copies what it has missed", "MiB/s"),
    CLUSTER_IDLE_CPU("cluster-idle", "three nodes, 1,000 partitions at rest: CPU of all", "% of a core"),
    CLUSTER_CREATE("cluster-partitions", "three nodes, 3,000 partitions: create", "s"),
    CLUSTER_RESTART("cluster-partitions", "three nodes, 3,000 partitions: restart of one until in sync", "s");

    final String row;
    final String label;
    final String unit;

    Metric(String row, String label, String unit) {
        this.row = row;
        this.label = label;
        this.unit = unit;
    }
}
