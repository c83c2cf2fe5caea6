package io.aeon.protocol;

/**
 * What it costs to fill the hash collections of a request. kafka-clients keeps keyed entries in an open hash table that
 * it grows by removing entry after entry: with equal keys, or hashes made to collide, that takes the square or the cube
 * of their number, 12 s for 64 KB. The cost is worked out on the hashes alone, before an entry is made.
 */
final class CollectionCost {
    /** So few entries cost nothing worth counting. */
    static final int FREE = 16;

    /** Steps of a table, a nanosecond or two each, that one request may take. */
    private static final long MOST_STEPS = 32_000_000;

    private static final int LARGEST_FIRST_TABLE = 1000;

    private long steps;

    /**
     * Adds one collection.
     *
     * @param hashes of the entries' keys, in order
     * @throws MalformedRequestException the request's collections cost too much
     */
    void add(int[] hashes) {
        int slots = slots(Math.min(hashes.length, LARGEST_FIRST_TABLE));
        while (slots / 2 - 1 < hashes.length) {
            fill(hashes, slots / 2 - 1, slots);
            slots = slots(slots);
        }
        fill(hashes, hashes.length, slots);
    }

    /** Counts the steps to fill a table of this size and to move what is in it to the next. */
    private void fill(int[] hashes, int entries, int slots) {
        int[] distance = new int[slots];
        for (int i = 0; i < entries; i++) {
            int slot = (hashes[i] & Integer.MAX_VALUE) % slots;
            int from = 1;
            while (distance[slot] != 0) {
                slot = slot + 1 == slots ? 0 : slot + 1;
                from++;
            }
            distance[slot] = from;
            count(from);
        }
        int run = 0;
        long distances = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (distance[slot] != 0) {
                run++;
                distances += distance[slot];
            } else {
                count(run * distances);
                run = 0;
                distances = 0;
            }
        }
        count(run * distances);
    }

    private void count(long more) {
        steps += more;
        if (steps > MOST_STEPS) {
            throw new MalformedRequestException("entries with equal or colliding keys");
        }
    }

    private static int slots(int entries) {
        return Math.max(5, 2 * entries + 1);
    }
}
