package io.aeon.benchmarks.growth;

import java.util.Locale;

enum Operation {
    PRODUCE,
    CONSUME;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
