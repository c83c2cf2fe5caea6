package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.Home;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Valid-looking requests of every announced API and version, with a good client beside. The requests are made by
 * {@code io.aeon.e2e.GeneratedRequests}, whose class path is {@code --class-path}.
 *
 * <p>Options: {@code --minutes}, {@code --seed}, {@code --heap}, {@code --broker}, {@code --flush}.
 */
final class Generated {
    private static final int DEFAULT_MINUTES = 30;

    /** For the last replies. */
    private static final int MORE_SECONDS = 90;

    /** Topics, groups and transactional ids that the requests created stay, and the topics' logs are open. */
    private static final Trial.Slack SLACK = new Trial.Slack(64, 1000);

    private Generated() {}

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("class-path", "minutes", "seed", "heap", "broker", "flush"));
        int seed = arguments.number("seed", new Random().nextInt(1 << 30));
        int seconds = arguments.number("minutes", DEFAULT_MINUTES) * 60;
        System.out.printf("seed %d%n", seed);
        Trial trial = new Trial(
                arguments,
                Map.of("group.initial.rebalance.delay.ms", "0"),
                Map.of(),
                port -> List.of(
                        Home.java(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        arguments.text("class-path", ""),
                        "io.aeon.e2e.GeneratedRequests",
                        Integer.toString(port),
                        Integer.toString(seed),
                        Integer.toString(seconds)),
                SLACK);
        boolean holds = trial.holds(seconds + MORE_SECONDS);
        System.out.println(holds ? "PASSED" : "FAILED");
        System.exit(holds ? 0 : 1);
    }
}
