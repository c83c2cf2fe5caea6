package io.aeon.benchmarks.acceptance;

import java.util.Arrays;

/** What the broker has acknowledged: for each partition and offset the number of the record there. Thread-safe. */
final class Ledger {
    private static final long NONE = -1;

    private final long[][] numbers;
    private final long[] ends;
    private long acknowledged;
    private String contradiction = "";

    Ledger(int partitions) {
        numbers = new long[partitions][0];
        ends = new long[partitions];
    }

    synchronized void acknowledge(int partition, long offset, long number) {
        int index = Math.toIntExact(offset);
        int had = numbers[partition].length;
        if (index >= had) {
            numbers[partition] = Arrays.copyOf(numbers[partition], Math.max(index + 1, had * 2));
            Arrays.fill(numbers[partition], had, numbers[partition].length, NONE);
        }
        long before = numbers[partition][index];
        if (before != NONE && before != number) {
            contradiction = String.format(
                    "offset %d of partition %d was acknowledged for number %d and for number %d",
                    offset, partition, before, number);
        }
        numbers[partition][index] = number;
        ends[partition] = Math.max(ends[partition], offset + 1);
        acknowledged++;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    /** What was acknowledged against itself, or empty. */
    synchronized String contradiction() {
        return contradiction;
    }

    /** The offset after the last acknowledged one, of each partition. */
    synchronized long[] ends() {
        return ends.clone();
    }

    /** Whether this record may stand there: nothing else was acknowledged at its offset. */
    synchronized boolean allows(int partition, long offset, long number) {
        return offset >= ends[partition]
                || numbers[partition][(int) offset] == NONE
                || numbers[partition][(int) offset] == number;
    }

    /** How many were acknowledged at these offsets. */
    synchronized long acknowledgedBetween(int partition, long from, long to) {
        long count = 0;
        for (long offset = from; offset < Math.min(to, ends[partition]); offset++) {
            count += numbers[partition][(int) offset] == NONE ? 0 : 1;
        }
        return count;
    }
}
