package io.aeon.api.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;

/** The subscriptions in force. They are read again when their settings have changed. Thread-safe. */
final class Subscriptions {
    private final Supplier<Map<String, Map<String, String>>> settings;
    private volatile Read latest = new Read(Map.of(), List.of(), 0);

    /**
     * @param of the settings from which the subscriptions were read
     * @param version rises with each change
     */
    private record Read(Map<String, Map<String, String>> of, List<Subscription> all, int version) {}

    /**
     * What all subscriptions together want of one client.
     *
     * @param id of this combination, by which the client refers to it
     * @param metrics prefixes of metrics' names; empty for no metrics
     */
    record Wanted(int id, List<String> metrics, int intervalMs) {}

    /** @param settings valid settings of each subscription, by its name; called for each request */
    Subscriptions(Supplier<Map<String, Map<String, String>>> settings) {
        this.settings = settings;
    }

    /** Rises with each change of a subscription. */
    int version() {
        return latest().version();
    }

    /** Upper bound for the heap of the metrics' names in one answer, in bytes. */
    long heapBytes() {
        return latest().all().stream().mapToLong(Subscription::heapBytes).sum();
    }

    /** As in Kafka, the shortest interval counts, and a client that nobody asks for metrics has the default one. */
    Wanted of(TelemetrySender sender) {
        Set<String> metrics = new HashSet<>();
        int intervalMs = Subscription.DEFAULT_INTERVAL_MS;
        for (Subscription subscription : latest().all()) {
            if (subscription.isFor(sender)) {
                metrics.addAll(subscription.metrics());
                intervalMs = Math.min(intervalMs, subscription.intervalMs());
            }
        }
        if (metrics.contains(Subscription.ALL)) {
            metrics.retainAll(Set.of(Subscription.ALL));
        }
        return new Wanted(id(metrics, intervalMs, sender.id()), new ArrayList<>(metrics), intervalMs);
    }

    /** As in Kafka: equal on all brokers for the same client and the same subscriptions. */
    private static int id(Set<String> metrics, int intervalMs, Uuid client) {
        CRC32C crc = new CRC32C();
        crc.update((metrics.toString() + intervalMs).getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue() ^ client.hashCode();
    }

    private Read latest() {
        Map<String, Map<String, String>> now = settings.get();
        Read read = latest;
        return read.of().equals(now) ? read : readAgain(now);
    }

    private synchronized Read readAgain(Map<String, Map<String, String>> now) {
        if (!latest.of().equals(now)) {
            latest = new Read(now, now.values().stream().map(Subscription::of).toList(), latest.version() + 1);
        }
        return latest;
    }
}
