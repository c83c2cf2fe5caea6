package io.aeon.diagnosis;

import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What replicas take on the disks of their brokers.
 *
 * @param told the data directories of the brokers that have answered, by the broker's id and the directory's path
 */
public record ReplicaSizes(Map<Integer, Map<String, LogDirDescription>> told) {
    /**
     * Bytes of all replicas of a partition.
     *
     * @param brokers ids of those that have a replica
     * @return null if one of them has not answered, or does not name its replica, as with a directory that has failed
     */
    public @Nullable Long of(TopicPartition partition, Collection<Integer> brokers) {
        long sum = 0;
        for (Integer broker : brokers) {
            Long size = of(partition, told.getOrDefault(broker, Map.of()));
            if (size == null) {
                return null;
            }
            sum += size;
        }
        return sum;
    }

    /** A replica that moves to another directory of its broker is in both. */
    private static @Nullable Long of(TopicPartition partition, Map<String, LogDirDescription> directories) {
        Long sum = null;
        for (LogDirDescription directory : directories.values()) {
            ReplicaInfo replica = directory.replicaInfos().get(partition);
            if (replica != null) {
                sum = (sum == null ? 0 : sum) + replica.size();
            }
        }
        return sum;
    }
}
