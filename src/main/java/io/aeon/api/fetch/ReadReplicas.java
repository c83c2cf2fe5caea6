package io.aeon.api.fetch;

import io.aeon.config.KafkaSettings;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.Metadata;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From which brokers consumers read instead of this one: those in their own rack, if they wish (KIP-392). Thread-safe.
 */
final class ReadReplicas {
    private final Metadata metadata;
    private final boolean byRack;

    ReadReplicas(Metadata metadata, KafkaSettings settings) {
        this.metadata = metadata;
        this.byRack = settings.readsByRack();
    }

    /** Whether consumers read from followers, which then have to know soon what is committed. */
    boolean areFollowers() {
        return byRack;
    }

    /** The other brokers in a rack; none if this broker is in it too, or reads are not spread by racks. */
    Set<Integer> in(String rack) {
        if (!byRack || rack.isEmpty()) {
            return Set.of();
        }
        ClusterImage image = metadata.image();
        Set<Integer> brokers = image.brokers().stream()
                .filter(broker -> broker.rack().filter(rack::equals).isPresent())
                .map(Broker::id)
                .collect(Collectors.toUnmodifiableSet());
        return brokers.contains(metadata.nodeId()) ? Set.of() : brokers;
    }
}
