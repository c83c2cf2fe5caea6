package io.aeon.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;

/** Aeon's own settings with Kafka's names, for tools that read them from the broker. */
final class KafkaView {
    private static final String PLAINTEXT = "PLAINTEXT";

    private KafkaView() {}

    static Map<String, String> of(
            int nodeId,
            QuorumSettings quorum,
            Optional<String> rack,
            Path dataDir,
            List<Path> furtherDataDirs,
            Map<String, ListenerSettings> listeners) {
        Map<String, String> view = new LinkedHashMap<>();
        view.put("node.id", Integer.toString(nodeId));
        view.put("broker.id", Integer.toString(nodeId));
        view.put("process.roles", quorum.hasController() ? "broker,controller" : "broker");
        rack.ifPresent(name -> view.put("broker.rack", name));
        view.put(
                "log.dirs",
                Stream.concat(Stream.of(dataDir), furtherDataDirs.stream())
                        .map(Path::toString)
                        .collect(Collectors.joining(",")));
        view.put("listeners", list(listeners, each -> address(each, each.host(), each.port())));
        view.put("listener.security.protocol.map", list(listeners, each -> name(each) + ":" + PLAINTEXT));
        if (listeners.values().stream().anyMatch(each -> !each.advertisedHost().isEmpty())) {
            view.put("advertised.listeners", list(listeners, KafkaView::advertised));
        }
        return view;
    }

    private static String list(Map<String, ListenerSettings> listeners, Function<ListenerSettings, String> entry) {
        return new TreeMap<>(listeners).values().stream().map(entry).collect(Collectors.joining(","));
    }

    private static String advertised(ListenerSettings listener) {
        return address(
                listener,
                listener.advertisedHost().isEmpty() ? listener.host() : listener.advertisedHost(),
                listener.advertisedPort() == 0 ? listener.port() : listener.advertisedPort());
    }

    private static String address(ListenerSettings listener, String host, int port) {
        return name(listener) + "://" + Utils.formatAddress(host, port);
    }

    private static String name(ListenerSettings listener) {
        return ListenerSettings.nameInCluster(listener.name());
    }
}
