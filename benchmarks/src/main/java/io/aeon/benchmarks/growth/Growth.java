package io.aeon.benchmarks.growth;

import io.aeon.benchmarks.broker.Aeon;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Cost;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Jdk;
import io.aeon.benchmarks.broker.Kafka;
import io.aeon.benchmarks.broker.PageCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How a broker's CPU per record grows, for Aeon and Apache Kafka by turns: a table of both, and a plot for each axis.
 * Options: {@code --rounds N}, {@code --axes a,b}, {@code --sides aeon-os,kafka}, {@code --plots DIR}.
 */
final class Growth {
    private final Path directory;
    private final Curves curves;

    private Growth(Path directory) {
        this.directory = directory;
        this.curves = new Curves(directory.resolve("results.jsonl"));
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("rounds", "axes", "sides", "plots"));
        int rounds = arguments.number("rounds", 3);
        List<Axis> axes = chosen(arguments, "axes", List.of(Axis.values()), Axis::toString);
        List<Distribution> both = List.of(new Aeon("os", ""), new Kafka(""));
        List<Distribution> sides = chosen(arguments, "sides", both, Distribution::name);
        Path directory = Home.newRunDirectory("growth");
        Path plots = Files.createDirectories(Path.of(arguments.text("plots", directory.toString())));

        Growth growth = new Growth(directory);
        try (PageCache pageCache = new PageCache(directory)) {
            for (int round = 1; round <= rounds; round++) {
                for (Axis axis : axes) {
                    for (Distribution side : sides) {
                        pageCache.fill();
                        growth.measure(round, axis, side);
                    }
                }
                Collections.rotate(sides, 1);
            }
        }
        System.out.print(growth.curves.table(axes));
        System.out.printf(
                "%n%s. Medians of %d round(s), least-most in brackets; every sample: %s%n",
                Jdk.OF_BROKERS.description(), rounds, directory.resolve("results.jsonl"));
        for (Axis axis : axes) {
            Path plot = plots.resolve(axis + ".svg");
            Files.writeString(plot, growth.curves.plot(axis));
            System.out.println(plot);
        }
    }

    /** A new broker on an empty directory, which is gone in the end. */
    private void measure(int round, Axis axis, Distribution side) throws Exception {
        Path data = directory.resolve(round + "-" + axis + "-" + side.name());
        Cost.awaitQuiet();
        try (BrokerProcess broker = BrokerProcess.start(side, data, BrokerProcess.freePort(), Map.of())) {
            broker.awaitReady();
            axis.load.run(new Turn(
                    broker,
                    (operation, at, records, cost) ->
                            curves.add(round, axis, side.name(), operation, at, records, cost)));
        } finally {
            Home.delete(data);
        }
    }

    private static <T> List<T> chosen(Arguments arguments, String option, List<T> known, Function<T, String> name) {
        Map<String, T> named = new LinkedHashMap<>();
        known.forEach(each -> named.put(name.apply(each), each));
        List<String> names =
                List.of(arguments.text(option, String.join(",", named.keySet())).split(","));
        if (!named.keySet().containsAll(names)) {
            throw new IllegalArgumentException("known are " + named.keySet());
        }
        return names.stream().map(named::get).collect(Collectors.toCollection(ArrayList::new));
    }
}
