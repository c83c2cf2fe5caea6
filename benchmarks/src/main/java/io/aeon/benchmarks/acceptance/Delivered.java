package io.aeon.benchmarks.acceptance;

import java.util.BitSet;

/** Numbers of the records that came to a group, whichever of its members got them. Thread-safe. */
final class Delivered {
    private final BitSet numbers = new BitSet();
    private long again;

    synchronized void add(long number) {
        if (numbers.get((int) number)) {
            again++;
        }
        numbers.set((int) number);
    }

    synchronized long count() {
        return numbers.cardinality();
    }

    /** How often a number came that had come before. */
    synchronized long again() {
        return again;
    }
}
