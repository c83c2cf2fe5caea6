package io.aeon.api.telemetry;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * The metrics that each client pushed last. They take a bounded part of the heap: what came first is dropped first.
 * They are kept for three hours, three times the longest interval of a subscription, also after the client has gone.
 * Thread-safe.
 */
public final class LatestClientMetrics {
    static final Duration KEPT = Duration.ofHours(3);

    private static final int OVERHEAD = 400;

    private final long mostBytes;
    private final Clock clock;
    /** The metrics that came first are the first. */
    private final Map<Uuid, ClientMetrics> byClient = new LinkedHashMap<>();

    private long bytes;

    /** @param mostBytes of heap that all metrics together may take */
    public LatestClientMetrics(long mostBytes, Clock clock) {
        this.mostBytes = mostBytes;
        this.clock = clock;
    }

    /** The metrics of all clients, those that came last at the end. */
    public synchronized Collection<ClientMetrics> all() {
        dropOld();
        return List.copyOf(byClient.values());
    }

    void pushed(TelemetrySender sender, byte[] otlp) {
        String clientId = sender.clientId();
        put(new ClientMetrics(
                sender.id(),
                clientId.substring(0, Math.min(clientId.length(), TelemetrySender.LONGEST_ATTRIBUTE)),
                sender.connection().software().toString(),
                sender.address(),
                clock.instant(),
                ByteBuffer.wrap(otlp).asReadOnlyBuffer()));
    }

    private synchronized void put(ClientMetrics metrics) {
        dropOld();
        ClientMetrics before = byClient.remove(metrics.clientInstanceId());
        if (before != null) {
            bytes -= size(before);
        }
        byClient.put(metrics.clientInstanceId(), metrics);
        bytes += size(metrics);
        Iterator<ClientMetrics> first = byClient.values().iterator();
        while (bytes > mostBytes) {
            bytes -= size(first.next());
            first.remove();
        }
    }

    private void dropOld() {
        Instant oldest = clock.instant().minus(KEPT);
        Iterator<ClientMetrics> first = byClient.values().iterator();
        while (first.hasNext()) {
            ClientMetrics metrics = first.next();
            if (!metrics.pushed().isBefore(oldest)) {
                return;
            }
            bytes -= size(metrics);
            first.remove();
        }
    }

    private static long size(ClientMetrics metrics) {
        return OVERHEAD
                + 2L * (metrics.clientId().length() + metrics.software().length())
                + metrics.otlp().limit();
    }
}
