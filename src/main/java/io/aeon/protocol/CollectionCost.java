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

    /** Those that its answer may take; entries with consecutive numbers take more there. */
    private static final long MOST_STEPS_OF_ANSWER = 2 * MOST_STEPS;

    private static final int LARGEST_FIRST_TABLE = 1000;

    private final Steps request = new Steps(MOST_STEPS);
    private final Steps answer = new Steps(MOST_STEPS_OF_ANSWER);

    private static final class Steps {
        private final long most;
        private long taken;

        Steps(long most) {
            this.most = most;
        }

        void count(long more) {
            taken += more;
            if (taken > most) {
                throw new MalformedRequestException("too many entries with equal or colliding keys");
            }
        }
    }

    /**
     * Adds the cost of one collection, and that of a collection of an answer with the same keys, which begins empty and
     * so grows through other tables.
     *
     * @param hashes of the entries' keys, in the order of the entries
     * @throws MalformedRequestException the request's collections cost too much
     */
    void add(int[] hashes) {
        grow(hashes, slots(Math.min(hashes.length, LARGEST_FIRST_TABLE)), request);
        grow(hashes, slots(0), answer);
    }

    private static void grow(int[] hashes, int firstTable, Steps steps) {
        int slots = firstTable;
        while (slots / 2 - 1 < hashes.length) {
            fill(hashes, slots / 2 - 1, slots, steps);
            slots = slots(slots);
        }
        fill(hashes, hashes.length, slots, steps);
    }

    /** Counts the steps to fill a table of this size and to move its entries to the next table. */
    private static void fill(int[] hashes, int entries, int slots, Steps steps) {
        int[] distance = new int[slots];
        for (int i = 0; i < entries; i++) {
            int slot = (hashes[i] & Integer.MAX_VALUE) % slots;
            int from = 1;
            while (distance[slot] != 0) {
                slot = slot + 1 == slots ? 0 : slot + 1;
                from++;
            }
            distance[slot] = from;
            steps.count(from);
        }
        int run = 0;
        long distances = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (distance[slot] != 0) {
                run++;
                distances += distance[slot];
            } else {
                steps.count(run * distances);
                run = 0;
                distances = 0;
            }
        }
        steps.count(run * distances);
    }

    private static int slots(int entries) {
        return Math.max(5, 2 * entries + 1);
    }
}
