package io.aeon.benchmarks.broker;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A command line of {@code --name value} and {@code --flag}; everything after {@code --} is left as it is. */
public final class Arguments {
    private final Map<String, String> values;
    private final List<String> rest;

    private Arguments(Map<String, String> values, List<String> rest) {
        this.values = values;
        this.rest = rest;
    }

    public Arguments(String[] args, Set<String> known) {
        values = new HashMap<>();
        int i = 0;
        while (i < args.length && !args[i].equals("--")) {
            String name = args[i].startsWith("--") ? args[i].substring(2) : args[i];
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown option " + args[i] + "; known: " + known);
            }
            boolean valued = i + 1 < args.length && !args[i + 1].startsWith("--");
            values.put(name, valued ? args[i + 1] : "true");
            i += valued ? 2 : 1;
        }
        rest = i < args.length ? List.of(Arrays.copyOfRange(args, i + 1, args.length)) : List.of();
    }

    /** The same with this value for the option. */
    public Arguments with(String name, String value) {
        Map<String, String> changed = new HashMap<>(values);
        changed.put(name, value);
        return new Arguments(changed, rest);
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    public int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public List<String> rest() {
        return rest;
    }
}
