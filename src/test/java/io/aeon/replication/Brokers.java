package io.aeon.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Sets of brokers, by their bit masks. */
final class Brokers {
    static final int MOST = 5;

    private static final List<Set<Integer>> SETS = new ArrayList<>();

    static {
        for (int mask = 0; mask < 1 << MOST; mask++) {
            Set<Integer> set = new TreeSet<>();
            for (int broker = 0; broker < MOST; broker++) {
                if ((mask & 1 << broker) != 0) {
                    set.add(broker);
                }
            }
            SETS.add(Set.copyOf(set));
        }
    }

    private Brokers() {}

    static Set<Integer> of(int mask) {
        return SETS.get(mask);
    }
}
