package io.aeon.broker.topic;

import io.aeon.broker.disk.Disk;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
    /** The answers to the requests that told of these replicas last. */
    private final Map<TopicIdPartition, CompletableFuture<Void>> told = new HashMap<>();

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
                .filter(place -> isToBeTold(partition, state, place) && !isUnderWay(replica))
                .ifPresent(place -> next.put(replica, place));
    }

    private boolean isUnderWay(TopicIdPartition replica) {
        CompletableFuture<Void> answer = told.get(replica);
        return answer != null && !answer.isDone();
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
        Map<TopicIdPartition, Uuid> places = Map.copyOf(next);
        next.clear();
        logger.info("The metadata have to name the places of {} replicas, so that they can be elected", places.size());
        CompletableFuture<Void> answer = setup.metadata().controller().assignDirectories(places);
        places.keySet().forEach(replica -> told.put(replica, answer));
        var unused = answer.exceptionally(failure -> {
            logger.warn("The places of {} replicas are told again later", places.size(), failure);
            return null;
        });
    }

    /** Tells again what the controller has not taken, as far as {@code image} shows that it is still necessary. */
    void repeat(ClusterImage image) {
        Map.copyOf(told).forEach((replica, answer) -> {
            if (answer.isDone()) {
                told.remove(replica);
            }
            if (answer.isCompletedExceptionally()) {
                lookAgain(replica, image);
            }
        });
        send();
    }

    private void lookAgain(TopicIdPartition replica, ClusterImage image) {
        image.topic(replica.topicId())
                .filter(topic -> topic.has(replica.partition()))
                .map(topic -> topic.partitions().get(replica.partition()))
                .filter(state -> state.replicas().contains(setup.metadata().nodeId()))
                .ifPresent(state -> look(replica.topicPartition(), replica.topicId(), state));
    }
}
