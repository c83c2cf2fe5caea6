package io.aeon.storage.producer;

/** Sequence numbers; the next one after 2^31 - 1 is 0. */
public final class Sequences {
    private Sequences() {}

    static int add(int sequence, int count) {
        return (sequence + count) & Integer.MAX_VALUE;
    }

    static int subtract(int sequence, int count) {
        return (sequence - count) & Integer.MAX_VALUE;
    }

    /** The number of steps from {@code first} to {@code last}. */
    static int distance(int first, int last) {
        return subtract(last, first);
    }
}
