package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Arguments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Attacks on a fresh broker each, with a good client beside, which must hardly notice.
 *
 * <p>Arguments: names of rows, or none for all; {@code --heap SIZE|default}, without it both 256m and the default;
 * {@code --seconds} of each attack; {@code --broker}, {@code --flush}.
 */
final class Hostile {
    private static final List<String> HEAPS = List.of("256m", "default");
    private static final int ATTACK_SECONDS = 15;

    private Hostile() {}

    public static void main(String[] args) throws Exception {
        int named = 0;
        while (named < args.length && !args[named].startsWith("--")) {
            named++;
        }
        List<Row> rows = Rows.named(List.of(args).subList(0, named));
        Arguments arguments = new Arguments(
                Arrays.copyOfRange(args, named, args.length), Set.of("heap", "seconds", "broker", "flush"));
        List<String> heaps = arguments.has("heap") ? List.of(arguments.text("heap", "")) : HEAPS;
        List<String> failed = new ArrayList<>();
        for (Row row : rows) {
            for (String heap : row.heap().isEmpty() ? heaps : List.of(row.heap())) {
                System.out.printf("%n%d %s, heap %s%n", row.number(), row.name(), heap);
                Trial trial = new Trial(row, arguments.with("heap", heap.equals("default") ? "" : heap));
                if (!trial.holds(arguments.number("seconds", ATTACK_SECONDS))) {
                    failed.add(row.name() + " with heap " + heap);
                }
            }
        }
        System.out.println(failed.isEmpty() ? "PASSED" : "FAILED: " + String.join(", ", failed));
        System.exit(failed.isEmpty() ? 0 : 1);
    }
}
