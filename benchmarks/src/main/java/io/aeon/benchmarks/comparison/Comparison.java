package io.aeon.benchmarks.comparison;

import io.aeon.benchmarks.broker.Aeon;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Jdk;
import io.aeon.benchmarks.broker.Kafka;
import io.aeon.benchmarks.broker.PageCache;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Aeon and Apache Kafka by turns on this machine, and one table of both. Options: {@code --rounds N}, {@code --quick},
 * {@code --rows a,b}, {@code --sides aeon-os,kafka,aeon-sync}.
 */
final class Comparison {
    private static final Set<String> SYNC_ROWS = Set.of(
            "produce-1k",
            "produce-100",
            "produce-raw",
            "produce-all-1",
            "produce-all",
            "idempotent",
            "transactions",
            "latency",
            "open-loop",
            "cluster-produce-1k",
            "cluster-produce-1",
            "cluster-produce-100",
            "cluster-latency");

    private Comparison() {}

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("rounds", "quick", "rows", "sides"));
        boolean quick = arguments.has("quick");
        int rounds = arguments.number("rounds", quick ? 1 : 5);
        Set<String> known = Arrays.stream(Metric.values())
                .map(metric -> metric.row)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<String> usual = new LinkedHashSet<>(known);
        usual.removeIf(row -> row.startsWith(ClusterRound.PREFIX));
        if (quick) {
            usual.removeAll(Set.of("partitions-5000", "connections-10000"));
        }
        Set<String> rows = chosen(arguments.text("rows", String.join(",", usual)), known);
        List<Distribution> all = List.of(new Aeon("os", ""), new Kafka(""), new Aeon("sync", ""));
        Set<String> names = all.stream().map(Distribution::name).collect(Collectors.toSet());
        Set<String> sides = chosen(arguments.text("sides", String.join(",", names)), names);

        Path directory = Home.newRunDirectory("comparison");
        Results results = new Results(directory.resolve("results.jsonl"));
        Sizes sizes = quick ? Sizes.QUICK : Sizes.FULL;
        List<Distribution> order =
                all.stream().filter(side -> sides.contains(side.name())).collect(Collectors.toList());
        try (PageCache pageCache = new PageCache(directory)) {
            for (int round = 1; round <= rounds; round++) {
                for (Distribution side : order) {
                    pageCache.fill();
                    new Round(round, side, rowsOf(side, rows), sizes, results, directory).run();
                }
                int number = round;
                pageCache.fill();
                new Floor(
                                (metric, value, noisy) -> results.add(number, Results.FLOOR, metric, value, noisy),
                                sizes.rawRequests(),
                                directory.resolve(round + "-floor"))
                        .run(rows);
                Collections.rotate(order, 1);
            }
        }
        System.out.print(results.table(rows));
        System.out.printf(
                "%n%s. Medians of %d round(s), least-most in brackets; every sample: %s%n",
                Jdk.OF_BROKERS.description(), rounds, directory.resolve("results.jsonl"));
    }

    private static Set<String> chosen(String list, Set<String> known) {
        Set<String> chosen = new LinkedHashSet<>(List.of(list.split(",")));
        if (!known.containsAll(chosen)) {
            throw new IllegalArgumentException("known are " + known);
        }
        return chosen;
    }

    private static Set<String> rowsOf(Distribution side, Set<String> rows) {
        return side.name().equals(Results.AEON_SYNC)
                ? rows.stream().filter(SYNC_ROWS::contains).collect(Collectors.toSet())
                : rows;
    }
}
