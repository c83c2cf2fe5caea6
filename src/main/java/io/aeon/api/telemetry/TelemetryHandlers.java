package io.aeon.api.telemetry;

import io.aeon.api.ApiHandler;
import io.aeon.metadata.Metadata;
import io.aeon.threads.FairExecutor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The handlers of KIP-714. They are announced also while there is no subscription: a client learns what a broker
 * announces when it connects, and then asks for its subscription at least every five minutes, so a later subscription
 * reaches the clients that are connected already.
 */
public final class TelemetryHandlers {
    private TelemetryHandlers() {}

    /**
     * @param latest receives the metrics
     * @param mostBytes of metrics in one push
     * @param decompression see {@link io.aeon.broker.BrokerServices}
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public static List<ApiHandler<?>> all(
            Metadata metadata,
            LatestClientMetrics latest,
            int mostBytes,
            FairExecutor decompression,
            LongSupplier nanoTime) {
        LongSupplier millis = () -> TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
        Subscriptions subscriptions = new Subscriptions(() -> metadata.image().metricsSubscriptions());
        TelemetryClients clients = new TelemetryClients(subscriptions, millis);
        return List.of(
                new GetTelemetrySubscriptionsHandler(subscriptions, clients, mostBytes, millis),
                new PushTelemetryHandler(clients, latest, mostBytes, decompression, millis));
    }
}
