package io.aeon.storage.compaction;

/**
 * The latest offset of each key, by the key's hash: 24 bytes per key in a few large arrays that grow up to a limit. The
 * map consists of many small tables, so that the growth of one table needs little additional memory. One thread.
 */
final class OffsetMap {
    private static final int TABLE_BITS = 6;
    private static final int TABLES = 1 << TABLE_BITS;
    private static final int WORDS = 3;
    private static final int FIRST_SLOTS = 16;
    private static final double GROW_AT = 0.7;

    private final KeyHash hash = KeyHash.secret();
    private final Table[] tables = new Table[TABLES];

    /**
     * @param maxBytes maximum bytes of the map
     * @param maxLoad maximum used part of the slots when the map cannot grow any more
     */
    OffsetMap(long maxBytes, double maxLoad) {
        int maxSlots = (int) Math.min(maxBytes / (TABLES + 1) / (WORDS * Long.BYTES), Integer.MAX_VALUE / WORDS);
        for (int i = 0; i < TABLES; i++) {
            tables[i] = new Table(Math.max(maxSlots, 2), maxLoad);
        }
    }

    /** Sets the offset of the key; returns false and changes nothing if there is no room for another key. */
    boolean put(byte[] bytes, int from, int size, long offset) {
        hash.hash(bytes, from, size);
        return table().put(hash.high(), hash.low(), offset);
    }

    /** The last offset set for the key, -1 if there is none. */
    long get(byte[] bytes, int from, int size) {
        hash.hash(bytes, from, size);
        return table().get(hash.high(), hash.low());
    }

    private Table table() {
        return tables[(int) (hash.high() >>> (Long.SIZE - TABLE_BITS))];
    }

    /** Open addressing. A slot is the two halves of the hash and offset + 1, which is 0 while the slot is free. */
    private static final class Table {
        private final int maxSlots;
        private final double maxLoad;
        private long[] words;
        private int slots;
        private int used;

        Table(int maxSlots, double maxLoad) {
            this.maxSlots = maxSlots;
            this.maxLoad = maxLoad;
            this.slots = Math.min(FIRST_SLOTS, maxSlots);
            this.words = new long[slots * WORDS];
        }

        boolean put(long high, long low, long offset) {
            int at = find(high, low);
            if (words[at + 2] == 0) {
                if (!hasRoom()) {
                    return false;
                }
                at = find(high, low);
                words[at] = high;
                words[at + 1] = low;
                used++;
            }
            words[at + 2] = offset + 1;
            return true;
        }

        long get(long high, long low) {
            return words[find(high, low) + 2] - 1;
        }

        private boolean hasRoom() {
            if (slots < maxSlots && used + 1 > slots * GROW_AT) {
                grow();
            }
            return used + 1 < slots && used + 1 <= Math.max(slots * maxLoad, 1);
        }

        private void grow() {
            long[] before = words;
            slots = (int) Math.min(2L * slots, maxSlots);
            words = new long[slots * WORDS];
            for (int from = 0; from < before.length; from += WORDS) {
                if (before[from + 2] != 0) {
                    System.arraycopy(before, from, words, find(before[from], before[from + 1]), WORDS);
                }
            }
        }

        /** The slot that contains the key, or the free slot for it; there is always a free slot. */
        private int find(long high, long low) {
            int at = (int) (((low >>> 32) * slots) >>> 32) * WORDS;
            while (words[at + 2] != 0 && (words[at] != high || words[at + 1] != low)) {
                at = at + WORDS == words.length ? 0 : at + WORDS;
            }
            return at;
        }
    }
}
