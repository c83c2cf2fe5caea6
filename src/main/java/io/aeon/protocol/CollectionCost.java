package io.aeon.protocol;

/**
 * The cost of filling the hash collections of a request. kafka-clients keeps keyed entries in a hash table with open
 * addressing, and grows the table by removing one entry after the other. With equal keys or colliding hashes this takes
 * the square or the cube of their number: 12 s for 64 KB. The cost is computed from the hashes alone, before an entry
 * is created.
 */
final class CollectionCost {
    /** The cost of a collection with at most this many entries is negligible. */
    static final int FREE = 16;

    /** Table steps that one request may take, at one or two nanoseconds each. */
    private static final long MOST_STEPS = 32_000_000;

    private static final int LARGEST_FIRST_TABLE = 1000;

    private long steps;

    /**
     * Adds the cost of one collection.
     *
     * @param hashes of the entries' keys, in the order of the entries
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

    /** Counts the steps to fill a table of this size and to move its entries to the next table. */
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
            throw new MalformedRequestException("too many entries with equal or colliding keys");
        }
    }

    private static int slots(int entries) {
        return Math.max(5, 2 * entries + 1);
    }
}
