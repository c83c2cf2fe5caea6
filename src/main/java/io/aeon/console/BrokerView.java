package io.aeon.console;

import io.aeon.config.AeonSettings;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import java.util.List;
import java.util.Set;

/**
 * The cluster's metadata as this broker has them in memory.
 *
 * @param settings those with which this broker was started
 */
record BrokerView(AeonSettings settings, Metadata metadata, BrokerHealth health) {
    private static final Set<String> INTERNAL =
            Set.of("__consumer_offsets", "__transaction_state", "__share_group_state");

    ClusterImage image() {
        return metadata.image();
    }

    /** The ids of the brokers that serve. */
    List<Integer> serving() {
        return image().brokers().stream()
                .filter(broker -> !broker.fenced())
                .map(Broker::id)
                .sorted()
                .toList();
    }

    static boolean isInternal(String topic) {
        return INTERNAL.contains(topic);
    }

    static boolean isOffline(Topic topic, int partition, int self) {
        ClusterImage.Partition each = topic.partitions().get(partition);
        return each.leader() < 0 && !each.isLedBy(self);
    }
}
