package io.aeon.broker.topic;

import io.aeon.broker.disk.Disk;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the controller which data directory holds a replica if the metadata name another one, or none because the
 * replica was given up: until they name the right one, the controller does not elect the replica (KIP-858). That
 * concerns replicas without records, too. What the controller does not take is told again later. Not thread-safe.
 */
final class PlaceReports {
    private static final Logger logger = LoggerFactory.getLogger(PlaceReports.class);

    private final TopicsSetup setup;
    private final PartitionTable table;
    private final Map<TopicIdPartition, Uuid> next = new HashMap<>();
    /** Threads of the controller's channel change these two. */
    private final Set<TopicIdPartition> underWay = ConcurrentHashMap.newKeySet();

    private final Set<TopicIdPartition> refused = ConcurrentHashMap.newKeySet();

    PlaceReports(TopicsSetup setup, PartitionTable table) {
        this.setup = setup;
        this.table = table;
    }

    /** Notes where the replica is, if the metadata have to name that; {@link #send} tells it. */
    void look(TopicPartition partition, Uuid topicId, Partition state) {
        TopicIdPartition replica = new TopicIdPartition(topicId, partition);
        setup.disks()
                .holding(partition)
                .map(Disk::id)
                .filter(place -> isToBeTold(partition, state, place) && !underWay.contains(replica))
                .ifPresent(place -> next.put(replica, place));
    }

    private boolean isToBeTold(TopicPartition partition, Partition state, Uuid place) {
        int self = setup.metadata().nodeId();
        if (state.isGivenUp(self)) {
            return state.isr().contains(self);
        }
        Optional<Uuid> recorded = state.directory(self);
        return recorded.isPresent()
                && !recorded.get().equals(place)
                && !table.moves().containsKey(partition);
    }

    /** Tells what was noted, in one request, once this broker is registered; to be called with each new image. */
    void send() {
        if (next.isEmpty() || setup.metadata().brokerEpoch() < 0) {
            return;
        }
        Map<TopicIdPartition, Uuid> told = Map.copyOf(next);
        next.clear();
        underWay.addAll(told.keySet());
        logger.info("The metadata have to name the places of {} replicas, so that they can be elected", told.size());
        var unused = setup.metadata().controller().assignDirectories(told).whenComplete((done, failure) -> {
            if (failure != null) {
                logger.warn("The places of {} replicas are told again later", told.size(), failure);
                refused.addAll(told.keySet());
            }
            underWay.removeAll(told.keySet());
        });
    }

    /** Tells again what the controller has not taken, as far as {@code image} shows that it is still necessary. */
    void repeat(ClusterImage image) {
        for (TopicIdPartition replica : Set.copyOf(refused)) {
            refused.remove(replica);
            image.topic(replica.topicId())
                    .filter(topic -> topic.has(replica.partition()))
                    .map(topic -> topic.partitions().get(replica.partition()))
                    .filter(state -> state.replicas().contains(setup.metadata().nodeId()))
                    .ifPresent(state -> look(replica.topicPartition(), replica.topicId(), state));
        }
        send();
    }
}
