package io.aeon.broker.transaction;

import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.Metadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.protocol.Errors;

/**
 * The other brokers, to which requests about transactions go. A connection lasts as long as the broker's registration
 * is in service: a request to a broker that has gone fails at once, and whoever sent it finds the next leader.
 * Thread-safe.
 */
public final class OtherBrokers implements AutoCloseable {
    private static final int MOST_MARKERS_IN_A_REQUEST = 1000;

    /**
     * So few that the receiver takes them even if their transactional ids, which clients choose, have equal hashes: it
     * refuses a request whose keys collide too often, and the questions of all other clients in it.
     */
    private static final int MOST_QUESTIONS_IN_A_REQUEST = 250;

    private final Metadata metadata;
    private final IntFunction<TransactionConnection> connections;
    private final Map<Integer, Link> links = new HashMap<>();
    private boolean closed;

    /**
     * A marker and its sender.
     *
     * @param coordinatorEpoch as in {@link TransactionMarkers#send}
     */
    public record SentMarker(Marker marker, int coordinatorEpoch) {
        private Object producer() {
            return marker.producerId();
        }

        private Object transaction() {
            return List.of(marker.producerEpoch(), marker.commit(), marker.transactionVersion(), coordinatorEpoch);
        }
    }

    /** Whether a partition is in the writer's transaction, or shall be added to it. */
    public record Question(TransactionalWriter writer, TopicPartition partition) {
        /** Whether the partition is not to be added. */
        public boolean isVerification() {
            return writer.admission() != TransactionalWriter.Admission.ADDED;
        }

        private Object transactionalId() {
            return writer.transactionalId();
        }

        private Object transaction() {
            return List.of(writer.producerId(), writer.producerEpoch(), isVerification());
        }
    }

    /** What goes to one registration of a broker. */
    private static final class Link {
        private final long brokerEpoch;
        private final TransactionConnection connection;
        private final GatheredRequests<SentMarker> markers;
        private final GatheredRequests<Question> questions;

        Link(long brokerEpoch, TransactionConnection connection) {
            this.brokerEpoch = brokerEpoch;
            this.connection = connection;
            this.markers = new GatheredRequests<>(
                    MOST_MARKERS_IN_A_REQUEST, SentMarker::producer, SentMarker::transaction, connection::write);
            this.questions = new GatheredRequests<>(
                    MOST_QUESTIONS_IN_A_REQUEST, Question::transactionalId, Question::transaction, connection::ask);
        }

        boolean isIn(ClusterImage image, int broker) {
            return inService(image, broker)
                    .filter(found -> found.epoch() == brokerEpoch)
                    .isPresent();
        }
    }

    /** @param connections creates a connection to a broker by its id */
    public OtherBrokers(Metadata metadata, IntFunction<TransactionConnection> connections) {
        this.metadata = metadata;
        this.connections = connections;
    }

    private static Optional<Broker> inService(ClusterImage image, int broker) {
        return image.broker(broker).filter(found -> !found.fenced());
    }

    /** Sends a marker to the leader of its partition. */
    CompletableFuture<Void> write(int leader, SentMarker marker) {
        return with(leader, link -> link.markers.add(marker)).thenAccept(Errors::maybeThrow);
    }

    /** Asks the coordinator of a transactional id. */
    CompletableFuture<Errors> ask(int coordinator, Question question) {
        return with(coordinator, link -> link.questions.add(question));
    }

    private CompletableFuture<Errors> with(int broker, Function<Link, CompletableFuture<Errors>> request) {
        try {
            return request.apply(link(broker));
        } catch (BrokerNotAvailableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized Link link(int broker) {
        Link known = links.get(broker);
        if (known != null) {
            return known;
        }
        Broker found = inService(metadata.image(), broker)
                .filter(each -> !closed)
                .orElseThrow(() -> new BrokerNotAvailableException("Broker " + broker + " is not in service."));
        Link made = new Link(found.epoch(), connections.apply(broker));
        links.put(broker, made);
        return made;
    }

    /** To be called after each change of the metadata. */
    public synchronized void changed(ClusterImage image) {
        links.entrySet().removeIf(each -> {
            boolean gone = !each.getValue().isIn(image, each.getKey());
            if (gone) {
                each.getValue().connection.close();
            }
            return gone;
        });
    }

    /** Ends all connections. */
    @Override
    public synchronized void close() {
        closed = true;
        links.values().forEach(link -> link.connection.close());
        links.clear();
    }
}
