package io.aeon.api.telemetry;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The clients that take part in KIP-714. As in Kafka one is forgotten when its connection ends, after three intervals
 * without a request, or when 16,384 others have sent a request since; a forgotten one may simply go on. Thread-safe.
 */
final class TelemetryClients {
    static final int MOST = 16_384;

    private final Subscriptions subscriptions;
    private final LongSupplier millis;
    /** The client that has sent nothing for longest comes first. */
    private final Map<Uuid, TelemetryClient> clients = new LinkedHashMap<>(16, 0.75f, true);

    /** @param millis a monotonic clock in milliseconds */
    TelemetryClients(Subscriptions subscriptions, LongSupplier millis) {
        this.subscriptions = subscriptions;
        this.millis = millis;
    }

    /** The client that has sent a request; a new one if it is unknown or if the subscriptions have changed. */
    TelemetryClient of(TelemetrySender sender) {
        long now = millis.getAsLong();
        int version = subscriptions.version();
        TelemetryClient client = present(sender.id(), version, now);
        if (client == null) {
            client = added(sender, new TelemetryClient(subscriptions.of(sender), version, now), now);
        }
        TelemetryClient known = client;
        known.uses(sender.connection(), () -> remove(sender.id(), known));
        return known;
    }

    private synchronized @Nullable TelemetryClient present(Uuid id, int version, long now) {
        TelemetryClient client = clients.get(id);
        if (client == null || client.version() < version || client.isExpired(now)) {
            return null;
        }
        client.seen(now);
        return client;
    }

    private synchronized TelemetryClient added(TelemetrySender sender, TelemetryClient client, long now) {
        TelemetryClient before = clients.put(sender.id(), client);
        if (before != null) {
            before.forgotten();
        }
        Iterator<TelemetryClient> eldest = clients.values().iterator();
        TelemetryClient next = eldest.next();
        while (clients.size() > MOST || next.isExpired(now)) {
            eldest.remove();
            next.forgotten();
            next = eldest.next();
        }
        return client;
    }

    private synchronized void remove(Uuid id, TelemetryClient client) {
        clients.remove(id, client);
    }

    synchronized int size() {
        return clients.size();
    }
}
