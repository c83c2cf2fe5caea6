package io.aeon.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.Errors;

/**
 * An idempotent producer as in Kafka's client: up to three batches of a partition are under way, also to different
 * leaders; after a failure the batches are sent again one by one, and no new one before them.
 */
final class SimulatedProducer {
    private static final int MOST_UNDER_WAY = 3;

    private static final class Sent {
        private final Entry entry;
        private boolean failed;
        private int attempt;

        Sent(Entry entry) {
            this.entry = entry;
        }
    }

    private final int id;
    private final SimulatedCluster cluster;
    private final List<List<Sent>> underWay = new ArrayList<>();
    private final int[] next;
    private int version;

    SimulatedProducer(int id, SimulatedCluster cluster, int partitions) {
        this.id = id;
        this.cluster = cluster;
        next = new int[partitions];
        for (int i = 0; i < partitions; i++) {
            underWay.add(new ArrayList<>());
        }
    }

    /** Sends a batch if the rules of the client allow. */
    void act(Random random) {
        send(random.nextInt(next.length), true);
    }

    /** Sends again what has failed. */
    void retry() {
        for (int partition = 0; partition < next.length; partition++) {
            send(partition, false);
        }
    }

    boolean isDone() {
        return underWay.stream().allMatch(List::isEmpty);
    }

    private void send(int partition, boolean mayBegin) {
        List<Sent> sent = underWay.get(partition);
        if (sent.stream().anyMatch(each -> each.failed)) {
            if (sent.get(0).failed) {
                send(partition, sent.get(0));
            }
        } else if (mayBegin && sent.size() < MOST_UNDER_WAY) {
            Sent begun = new Sent(new Entry(Entry.Kind.DATA, id, 0, next[partition]++));
            sent.add(begun);
            send(partition, begun);
        }
    }

    private void send(int partition, Sent sent) {
        sent.failed = false;
        int attempt = ++sent.attempt;
        Entry entry = new Entry(Entry.Kind.DATA, id, 0, sent.entry.sequence);
        cluster.produce(partition, version, entry, error -> answered(partition, sent, attempt, error));
    }

    private void answered(int partition, Sent sent, int attempt, Errors error) {
        if (error == Errors.NONE) {
            underWay.get(partition).remove(sent);
        } else if (sent.attempt == attempt) {
            sent.failed = true;
            refresh();
        }
    }

    /** Gets the newest metadata. */
    void refresh() {
        version = cluster.newestMetadata();
    }
}
