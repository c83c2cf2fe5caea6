package io.aeon.cli;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of one kind, printed as a table for a terminal or as JSON for a program. */
final class Listing {
    private static final String UNKNOWN = "-";
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final int UNIT = 1024;

    private final String name;
    private final List<Column> columns;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();

    private record Column(String head, String key) {
        /** {@code size:bytes} has the head SIZE and the key bytes; without a key {@code in sync} has the key inSync. */
        static Column of(String words) {
            String[] parts = words.split(":", 2);
            return new Column(parts[0].toUpperCase(Locale.ROOT), parts.length == 2 ? parts[1] : key(parts[0]));
        }

        private static String key(String words) {
            StringBuilder key = new StringBuilder();
            for (String word : words.split(" ", -1)) {
                key.append(key.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)))
                        .append(word.substring(1));
            }
            return key.toString();
        }
    }

    /** A cell whose text in a table differs from its value in JSON. */
    private record Measure(String text, Object value) {}

    /**
     * @param name the key of the rows in JSON
     * @param columns words in lower case, with another key for JSON behind a colon if the words do not say it
     */
    Listing(String name, String... columns) {
        this.name = name;
        this.columns = Arrays.stream(columns).map(Column::of).toList();
    }

    /** @param cells texts, numbers, collections or measures; null for what is not known, which JSON leaves out */
    void row(@Nullable Object... cells) {
        rows.add(Arrays.asList(cells));
    }

    /** A number of bytes, rounded in a table. */
    static Object bytes(long bytes) {
        double rounded = bytes;
        int unit = 0;
        while (rounded >= UNIT && unit < UNITS.length - 1) {
            rounded /= UNIT;
            unit++;
        }
        return new Measure(String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", rounded, UNITS[unit]), bytes);
    }

    /** A time in milliseconds, in seconds in a table. */
    static Object millis(long millis) {
        return new Measure(millis / 1000 + " s", millis);
    }

    /** Prints listings one below the other, or as one JSON object. */
    static void print(PrintStream out, boolean json, List<Listing> listings) {
        if (json) {
            out.println(json(listings));
            return;
        }
        for (int i = 0; i < listings.size(); i++) {
            if (i > 0) {
                out.println();
            }
            listings.get(i).table().forEach(out::println);
        }
    }

    static String json(List<Listing> listings) {
        Map<String, Object> all = new LinkedHashMap<>();
        listings.forEach(listing ->
                all.put(listing.name, listing.rows.stream().map(listing::object).toList()));
        return ConfigValueFactory.fromMap(all)
                .render(ConfigRenderOptions.concise().setFormatted(true));
    }

    private List<String> table() {
        TextTable table = new TextTable(columns.stream().map(Column::head).toArray(String[]::new));
        rows.forEach(row -> table.row(row.stream().map(Listing::text).toArray(String[]::new)));
        return table.lines();
    }

    private Map<String, Object> object(List<@Nullable Object> row) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            Object cell = row.get(i);
            if (cell != null) {
                object.put(columns.get(i).key(), cell instanceof Measure measure ? measure.value() : cell);
            }
        }
        return object;
    }

    private static String text(@Nullable Object cell) {
        if (cell instanceof Measure measure) {
            return measure.text();
        }
        if (cell instanceof Collection<?> items) {
            return items.isEmpty()
                    ? UNKNOWN
                    : items.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return cell == null ? UNKNOWN : String.valueOf(cell);
    }
}
