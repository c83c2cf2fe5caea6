package io.aeon.console;

import io.aeon.console.http.HttpQuery;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * A part of a long list, which a browser asks for by {@code offset}, {@code limit} and {@code search}.
 *
 * @param total number of items that the search finds
 * @param items those from {@code offset} on, at most {@code limit}
 */
record Page<T>(int total, int offset, List<T> items) {
    private static final int USUAL_LIMIT = 50;
    private static final int MOST = 500;

    static <T> Page<T> of(List<T> all, HttpQuery query) {
        int offset = (int) query.number("offset", 0, 0, Integer.MAX_VALUE);
        int limit = (int) query.number("limit", USUAL_LIMIT, 1, MOST);
        int from = Math.min(offset, all.size());
        return new Page<>(all.size(), from, List.copyOf(all.subList(from, Math.min(all.size(), from + limit))));
    }

    /** Whether a name contains the text that is searched for, in upper or lower case. */
    static Predicate<String> search(HttpQuery query) {
        String wanted = query.text("search").orElse("").trim().toLowerCase(Locale.ROOT);
        return name -> wanted.isEmpty() || name.toLowerCase(Locale.ROOT).contains(wanted);
    }
}
