package io.aeon.e2e;

import java.time.Duration;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/** Counts what a consumer is told about its partitions. */
final class Rebalances implements ConsumerRebalanceListener {
    private int assigned;
    private int lost;

    /** Polls, and returns how often the consumer has got partitions. */
    int assigned(Consumer<?, ?> consumer) {
        consumer.poll(Duration.ofMillis(50));
        return assigned;
    }

    int lost() {
        return lost;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        assigned += partitions.isEmpty() ? 0 : 1;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        lost++;
    }
}
