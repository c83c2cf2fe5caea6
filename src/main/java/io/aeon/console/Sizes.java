package io.aeon.console;

import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the data directories of all brokers hold, as they tell it: asked again at most every few seconds, because every
 * partition of the cluster is in the answer. No partition is opened for it. Thread-safe.
 */
final class Sizes {
    private static final long FRESH_NANOS = 3_000_000_000L;

    private final ClusterClients clients;
    private final BrokerView broker;
    private SoftReference<@Nullable KnownSizes> latest = new SoftReference<>(null);

    Sizes(ClusterClients clients, BrokerView broker) {
        this.clients = clients;
        this.broker = broker;
    }

    /** A data directory of a broker. */
    record Directory(int broker, String path, LogDirDescription description) {}

    /**
     * The answers of all brokers that have answered.
     *
     * @param bytes of each partition, of all its replicas together
     * @param silent the brokers that have not answered
     */
    record KnownSizes(
            List<Directory> directories, Map<TopicPartition, Long> bytes, List<Integer> silent, long askedAt) {
        /** Null if no broker has told the size of the partition. */
        @Nullable
        Long of(String topic, int partition) {
            return bytes.get(new TopicPartition(topic, partition));
        }

        /** Null if the size of one of its partitions is not known. */
        @Nullable
        Long of(Topic topic) {
            long sum = 0;
            for (Partition each : topic.partitions()) {
                Long size = of(topic.name(), each.index());
                if (size == null) {
                    return null;
                }
                sum += size;
            }
            return sum;
        }
    }

    synchronized KnownSizes now() throws InterruptedException {
        KnownSizes known = latest.get();
        if (known != null && System.nanoTime() - known.askedAt() < FRESH_NANOS) {
            return known;
        }
        KnownSizes asked = ask();
        latest = new SoftReference<>(asked);
        return asked;
    }

    private KnownSizes ask() throws InterruptedException {
        List<Directory> directories = new ArrayList<>();
        List<Integer> silent = new ArrayList<>();
        Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> asked =
                clients.admin().describeLogDirs(broker.serving()).descriptions();
        for (Map.Entry<Integer, KafkaFuture<Map<String, LogDirDescription>>> each : asked.entrySet()) {
            try {
                Calls.done(each.getValue())
                        .forEach((path, description) ->
                                directories.add(new Directory(each.getKey(), path, description)));
            } catch (IOException e) {
                silent.add(each.getKey());
            }
        }
        Map<TopicPartition, Long> bytes = new HashMap<>();
        directories.forEach(directory -> directory
                .description()
                .replicaInfos()
                .forEach((partition, replica) -> bytes.merge(partition, replica.size(), Long::sum)));
        return new KnownSizes(List.copyOf(directories), bytes, List.copyOf(silent), System.nanoTime());
    }
}
