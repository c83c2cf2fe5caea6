package io.aeon.benchmarks.acceptance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a continuous client prints in the end: a line for each value, which begins with its name. {@code acknowledged}
 * is a number of records, {@code unread} how many of them its group has not read, {@code twice} and {@code disordered}
 * what the group has read of its log, {@code quiet} and {@code restarts} the median, the p99 and the longest time in
 * milliseconds until a record was acknowledged, {@code error} what reached the application, {@code note} what it need
 * not care about.
 */
final class ClientReport {
    private final Map<String, String> values = new HashMap<>();
    private final List<String> errors = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    void add(String line) {
        int space = line.indexOf(' ');
        String name = line.substring(0, Math.max(0, space));
        String value = line.substring(space + 1);
        switch (name) {
            case "error" -> errors.add(value);
            case "note" -> notes.add(value);
            default -> values.put(name, value);
        }
    }

    void check(Checks checks, String client) {
        checks.that(
                errors.isEmpty() && !number("acknowledged").equals("0"),
                "%s: no error reaches the application (%d: %s)",
                client,
                errors.size(),
                errors.subList(0, Math.min(3, errors.size())));
        checks.that(
                number("unread").equals("0"),
                "%s: of %s acknowledged records the group has not read %s",
                client,
                number("acknowledged"),
                number("unread"));
        checks.that(
                number("twice").equals("0") && number("disordered").equals("0"),
                "%s: in the log %s are twice, %s out of order",
                client,
                number("twice"),
                number("disordered"));
        checks.note("%s: p50, p99, longest ms until acknowledged: quiet %s", client, values.get("quiet"));
        checks.note("%s: while nodes restart %s", client, values.get("restarts"));
        notes.forEach(note -> checks.note("%s: %s", client, note));
    }

    private String number(String name) {
        return values.getOrDefault(name, "an unknown number");
    }
}
