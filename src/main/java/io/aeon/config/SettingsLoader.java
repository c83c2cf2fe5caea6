package io.aeon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads {@link AeonSettings} and refuses unknown settings. */
final class SettingsLoader {
    /** Blocks whose keys Aeon does not check. */
    private static final Set<String> OPEN_BLOCKS = Set.of("aeon.akka", "aeon.kafka", "aeon.listeners");

    private static final int MOST_BLOCKING_THREADS = 10_000;
    /** More than one, so that a thread that opens logs always has a next one. */
    private static final int STARTS_PER_THREAD = 2;

    private static final long LEAST_LIMIT = 1 << 16;
    private static final Duration ONE_MILLISECOND = Duration.ofMillis(1);
    private static final String CONTROLLER_LISTENER = "controller";
    private static final Pattern CLUSTER_ID = Pattern.compile("[A-Za-z0-9_.=-]{0,64}");

    private final Config config;
    private final Config defaults;
    private final SettingsReader aeon;

    SettingsLoader(Config config) {
        this.config = config;
        this.defaults = SettingsSources.defaults();
        this.aeon = new SettingsReader(config, "").block("aeon");
    }

    AeonSettings load() {
        refuseUnknownKeys("aeon", config.getObject("aeon"), defaults.getObject("aeon"));
        Path dataDir = path("data-dir", aeon.text("data-dir"));
        List<Path> furtherDataDirs = furtherDataDirs(dataDir);
        int nodeId = aeon.number("node-id", 0, Integer.MAX_VALUE);
        Optional<String> rack = Optional.of(aeon.text("rack")).filter(given -> !given.isEmpty());
        Map<String, ListenerSettings> listeners = listeners();
        QuorumSettings quorum = quorum(listeners);
        KafkaSettings kafka = new KafkaReader(aeon.block("kafka"))
                .read(KafkaView.of(nodeId, quorum, rack, dataDir, furtherDataDirs, listeners));
        NodeListeners.check(aeon.block("kafka"), kafka, listeners.keySet());
        return new AeonSettings(
                dataDir,
                furtherDataDirs,
                nodeId,
                rack,
                aeon.duration("stop-timeout", ONE_MILLISECOND),
                blockingThreads(),
                Collections.unmodifiableMap(listeners),
                quorum,
                flush(),
                aeon.block("log").bytes("min-free-bytes", 0),
                partitions(),
                network(),
                limits(),
                console(),
                kafka,
                actorSystem());
    }

    private static void refuseUnknownKeys(String prefix, ConfigObject given, ConfigObject known) {
        given.forEach((key, value) -> {
            String path = prefix + "." + ConfigUtil.joinPath(key);
            ConfigValue knownValue = known.get(key);
            if (knownValue == null) {
                throw SettingsException.at(
                        path,
                        "is not a setting of Aeon; " + prefix + " has "
                                + String.join(", ", new TreeSet<>(known.keySet())),
                        value);
            }
            if (!OPEN_BLOCKS.contains(path)
                    && value instanceof ConfigObject block
                    && knownValue instanceof ConfigObject knownBlock) {
                refuseUnknownKeys(path, block, knownBlock);
            }
        });
    }

    private List<Path> furtherDataDirs(Path dataDir) {
        String key = "further-data-dirs";
        List<Path> all = new ArrayList<>(List.of(dataDir));
        for (String given : aeon.texts(key)) {
            Path path = path(key, given);
            for (Path other : all) {
                if (path.startsWith(other) || other.startsWith(path)) {
                    throw aeon.wrong(
                            key,
                            path.equals(other)
                                    ? path + " is named twice among the data directories"
                                    : path + " and " + other + " are data directories, and one lies inside the other");
                }
            }
            all.add(path);
        }
        return List.copyOf(all.subList(1, all.size()));
    }

    private Path path(String key, String given) {
        if (given.isEmpty()) {
            throw aeon.wrong(key, "must not be empty");
        }
        try {
            return Path.of(given).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw aeon.wrong(key, "\"" + given + "\" is not a path");
        }
    }

    private Map<String, ListenerSettings> listeners() {
        SettingsReader block = aeon.block("listeners");
        ConfigObject known = defaults.getObject("aeon.listeners." + ListenerSettings.FIRST);
        Map<String, ListenerSettings> listeners = new LinkedHashMap<>();
        for (String name : block.names()) {
            SettingsReader given = block.block(name);
            given.names().stream()
                    .filter(key -> !known.containsKey(key))
                    .findFirst()
                    .ifPresent(key -> {
                        throw given.wrong(
                                key,
                                "is not a setting of a listener; it has "
                                        + String.join(", ", new TreeSet<>(known.keySet())));
                    });
            listeners.put(name, listener(name, given.over(known.withoutKey("port"))));
        }
        requireDistinct(listeners.keySet(), block);
        return listeners;
    }

    private static void requireDistinct(Set<String> names, SettingsReader block) {
        Map<String, String> inCluster = new HashMap<>();
        for (String name : names) {
            String same = inCluster.put(ListenerSettings.nameInCluster(name), name);
            if (same != null) {
                throw block.wrong(
                        name,
                        "and " + same + " would both be the listener " + ListenerSettings.nameInCluster(name)
                                + " of this broker for other nodes: give one of them another name");
            }
        }
    }

    /** Takes the controller's listener out of {@code listeners}. */
    private QuorumSettings quorum(Map<String, ListenerSettings> listeners) {
        ListenerSettings controller = listeners.remove(CONTROLLER_LISTENER);
        if (listeners.isEmpty()) {
            throw aeon.wrong("listeners", "must contain at least one listener for clients");
        }
        List<InetSocketAddress> join = aeon.addresses("join");
        if (controller != null || !join.isEmpty()) {
            listeners.values().forEach(this::requireReachable);
        }
        Roles.check(aeon, controller != null, !join.isEmpty());
        return new QuorumSettings(Optional.ofNullable(controller).map(this::withAdvertisedHost), join, clusterId());
    }

    private Optional<String> clusterId() {
        String given = aeon.text("cluster-id");
        if (!CLUSTER_ID.matcher(given).matches()) {
            throw aeon.wrong("cluster-id", "\"" + given + "\" is not an id of up to 64 letters, digits, -, _, . and =");
        }
        return given.isEmpty() ? Optional.empty() : Optional.of(given);
    }

    /** Other nodes learn the address of a controller before they connect to it. */
    private ListenerSettings withAdvertisedHost(ListenerSettings controller) {
        requireReachable(controller);
        return new ListenerSettings(
                controller.name(),
                controller.host(),
                controller.port(),
                controller.advertisedHost().isEmpty() ? controller.host() : controller.advertisedHost(),
                controller.advertisedPort());
    }

    private void requireReachable(ListenerSettings listener) {
        if (listener.advertisedHost().isEmpty()
                && HostName.checkAdvertised(listener.host()).isPresent()) {
            throw aeon.block("listeners")
                    .block(listener.name())
                    .wrong(
                            "advertised-host",
                            "must be given in a cluster if host is every address: it is the name or address by which"
                                    + " other nodes and their clients reach this listener");
        }
    }

    private static ListenerSettings listener(String name, SettingsReader block) {
        String host = host(block);
        String advertised = block.text("advertised-host");
        HostName.checkAdvertised(advertised).ifPresent(problem -> {
            throw block.wrong("advertised-host", problem);
        });
        block.choice("security", Security.class);
        return new ListenerSettings(
                name, host, block.number("port", 0, 65_535), advertised, block.number("advertised-port", 0, 65_535));
    }

    private static String host(SettingsReader block) {
        String host = block.text("host");
        if (host.isEmpty()) {
            throw block.wrong("host", "must not be empty; 0.0.0.0 binds every address");
        }
        HostName.check(host).ifPresent(problem -> {
            throw block.wrong("host", problem);
        });
        return host;
    }

    private ConsoleSettings console() {
        SettingsReader console = aeon.block("console");
        String port = "aeon.console.port";
        boolean isPortChosen =
                !config.getValue(port).origin().equals(defaults.getValue(port).origin());
        return new ConsoleSettings(
                host(console), console.number("port", -1, 65_535), isPortChosen, console.isTrue("write"));
    }

    private FlushSettings flush() {
        SettingsReader log = aeon.block("log");
        return new FlushSettings(
                log.choice("flush", FlushSettings.Mode.class),
                log.duration("flush-interval", ONE_MILLISECOND),
                log.bytes("flush-interval-bytes", 1));
    }

    private PartitionSettings partitions() {
        SettingsReader log = aeon.block("log");
        return new PartitionSettings(
                log.duration("idle-timeout", ONE_MILLISECOND),
                log.number("open-partitions", 1, Integer.MAX_VALUE),
                STARTS_PER_THREAD * blockingThreads());
    }

    private int blockingThreads() {
        return aeon.number("blocking-threads", 1, MOST_BLOCKING_THREADS);
    }

    private NetworkSettings network() {
        SettingsReader network = aeon.block("network");
        return new NetworkSettings(
                network.bytesOrShare("bytes-in-flight", Runtime.getRuntime().maxMemory(), 1 << 20),
                network.duration("frame-timeout", ONE_MILLISECOND),
                network.duration("drain-timeout", Duration.ZERO),
                network.number("pipeline-depth", 1, 10_000));
    }

    private LimitSettings limits() {
        SettingsReader limits = aeon.block("limits");
        long heap = Runtime.getRuntime().maxMemory();
        return new LimitSettings(
                limits.bytesOrShare("groups", heap, LEAST_LIMIT),
                limits.bytesOrShare("transactional-ids", heap, LEAST_LIMIT),
                limits.bytesOrShare("topics", heap, LEAST_LIMIT),
                limits.bytesOrShare("producers", heap, LEAST_LIMIT));
    }

    /** Akka's own messages about a wrong value contain neither the path nor the file. */
    private void requireKind(String block) {
        SettingsReader given = aeon.block(block);
        defaults.getConfig("aeon." + block).entrySet().forEach(known -> {
            Object usual = known.getValue().unwrapped();
            if (usual instanceof Number) {
                given.requireNumber(known.getKey());
            } else if (usual.equals("on") || usual.equals("off")) {
                given.requireSwitch(known.getKey());
            }
        });
    }

    private Config actorSystem() {
        requireKind("akka");
        return aeon.block("akka").config().atPath("akka");
    }

    private enum Security {
        PLAINTEXT
    }
}
