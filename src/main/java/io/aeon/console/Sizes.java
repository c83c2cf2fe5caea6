package io.aeon.console;

import io.aeon.console.http.RefusedException;
import io.aeon.diagnosis.ReplicaSizes;
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

    /**
     * The answers of all brokers that have answered.
     *
     * @param silent the brokers that have not answered, or not with their sizes
     */
    record KnownSizes(ReplicaSizes replicas, List<Integer> silent, long askedAt) {
        /** Of all replicas; null if the size of one of them is not known. */
        @Nullable
        Long of(String topic, Partition partition) {
            return replicas.of(new TopicPartition(topic, partition.index()), partition.replicas());
        }

        /** Null if the size of one of its partitions is not known. */
        @Nullable
        Long of(Topic topic) {
            long sum = 0;
            for (Partition each : topic.partitions()) {
                Long size = of(topic.name(), each);
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
        Map<Integer, Map<String, LogDirDescription>> told = new HashMap<>();
        List<Integer> silent = new ArrayList<>();
        Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> asked =
                clients.admin().describeLogDirs(broker.serving()).descriptions();
        for (Map.Entry<Integer, KafkaFuture<Map<String, LogDirDescription>>> each : asked.entrySet()) {
            try {
                told.put(each.getKey(), Calls.done(each.getValue()));
            } catch (IOException | RefusedException e) {
                silent.add(each.getKey());
            }
        }
        return new KnownSizes(new ReplicaSizes(told), List.copyOf(silent), System.nanoTime());
    }
}
