package io.aeon.broker.replica;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The partitions of a topic whose replicas on one broker are named by a list.
 *
 * @param all whether the list names all replicas
 * @param partitions those on the broker, unless all replicas are named
 */
record ThrottledReplicas(boolean all, Set<Integer> partitions) {
    /**
     * @param list star for all replicas, or entries of partition and broker as {@code 0:1,1:2}; checked by Kafka's
     * validator
     */
    static ThrottledReplicas of(String list, int broker) {
        if (list.isBlank()) {
            return new ThrottledReplicas(false, Set.of());
        }
        if (list.trim().equals("*")) {
            return new ThrottledReplicas(true, Set.of());
        }
        return new ThrottledReplicas(
                false,
                Arrays.stream(list.split(",", -1))
                        .map(entry -> entry.trim().split(":", -1))
                        .filter(entry -> Integer.parseInt(entry[1]) == broker)
                        .map(entry -> Integer.parseInt(entry[0]))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    boolean has(int partition) {
        return all || partitions.contains(partition);
    }
}
