package io.aeon.console;

import io.aeon.config.ListenerSettings;
import io.aeon.config.Version;
import io.aeon.console.Traffic.Rates;
import io.aeon.console.http.EventStreams;
import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.Routes;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Broker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * {@code /api/overview}, from this broker's memory; and {@code /api/live}, what of it changes, as a stream of events.
 */
final class Overview {
    private static final long LIVE_MS = 2_000;

    private final BrokerView broker;
    private final Supplier<Traffic> traffic;
    private final History history;
    private final EventStreams streams;
    private final long begunMs = System.currentTimeMillis();

    Overview(BrokerView broker, Supplier<Traffic> traffic, History history, EventStreams streams) {
        this.broker = broker;
        this.traffic = traffic;
        this.history = history;
        this.streams = streams;
    }

    void addTo(Routes routes) {
        routes.get("/api/overview", this::answer);
        routes.get("/api/live", query -> streams.open(this::follow));
    }

    /**
     * The state of the broker.
     *
     * @param begunMs when it began to serve, milliseconds since 1970
     * @param history rates of each step of {@code stepMs}, the latest one last
     */
    record ShownOverview(
            String version,
            String jdk,
            int nodeId,
            String clusterId,
            boolean write,
            long begunMs,
            String flush,
            List<String> dataDirs,
            List<ShownListener> listeners,
            List<ShownBroker> brokers,
            int topics,
            int partitions,
            List<Problem> problems,
            MemoryUse memory,
            long stepMs,
            List<Rates> history) {}

    record ShownListener(String name, String host, int port) {}

    record ShownBroker(int id, boolean self, String state, Map<String, String> addresses) {}

    record Moment(Rates rates, MemoryUse memory, int problems) {}

    private HttpAnswer answer(HttpQuery query) throws IOException {
        ClusterImage image = broker.image();
        return Json.answer(new ShownOverview(
                Version.current(),
                Runtime.version().toString(),
                broker.metadata().nodeId(),
                image.clusterId(),
                broker.settings().console().write(),
                begunMs,
                broker.settings().flush().mode().name().toLowerCase(Locale.ROOT),
                broker.settings().dataDirs().stream().map(Path::toString).toList(),
                broker.settings().listeners().values().stream()
                        .map(Overview::shown)
                        .toList(),
                image.brokers().stream()
                        .sorted(Comparator.comparingInt(Broker::id))
                        .map(this::shown)
                        .toList(),
                image.topics().size(),
                image.topics().stream()
                        .mapToInt(topic -> topic.partitions().size())
                        .sum(),
                broker.health().problems(),
                MemoryUse.now(),
                History.stepMs(),
                history.points()));
    }

    private static ShownListener shown(ListenerSettings listener) {
        return new ShownListener(listener.name(), listener.host(), listener.port());
    }

    private ShownBroker shown(Broker each) {
        Map<String, String> addresses = new TreeMap<>();
        each.endpoints().forEach((name, endpoint) -> addresses.put(name, endpoint.host() + ":" + endpoint.port()));
        String state = each.fenced() ? "fenced" : each.inControlledShutdown() ? "shutting down" : "serving";
        return new ShownBroker(each.id(), each.id() == broker.metadata().nodeId(), state, addresses);
    }

    private void follow(EventStreams.Events events) throws IOException, InterruptedException {
        Traffic before = traffic.get();
        long beforeNanos = System.nanoTime();
        while (events.goOn()) {
            TimeUnit.MILLISECONDS.sleep(LIVE_MS);
            Traffic now = traffic.get();
            long nanos = System.nanoTime();
            Rates rates = now.since(before, (nanos - beforeNanos) / 1e9);
            before = now;
            beforeNanos = nanos;
            events.send(
                    "moment",
                    Json.line(new Moment(
                            rates, MemoryUse.now(), broker.health().problems().size())));
        }
    }
}
