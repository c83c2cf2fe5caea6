package io.aeon.benchmarks.acceptance;

import java.util.ArrayList;
import java.util.List;

/** Times in milliseconds. */
final class Millis {
    private final List<Long> all = new ArrayList<>();

    void add(long millis) {
        all.add(millis);
    }

    int count() {
        return all.size();
    }

    long median() {
        return all.stream().sorted().skip(all.size() / 2).findFirst().orElse(0L);
    }

    long longest() {
        return all.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    @Override
    public String toString() {
        return "median " + median() + " ms, longest " + longest() + " ms";
    }
}
