package io.aeon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Kafka's settings for which Aeon has its own names: node, directories, listeners. They are moved within their source,
 * so that the precedence of sources applies to both names.
 */
final class MovedSettings {
    private final Map<String, ConfigValue> kafka = new TreeMap<>();
    private Config settings;

    private MovedSettings(Config source) {
        this.settings = source;
        source.getConfig(KafkaBlock.PATH).root().forEach((name, value) -> {
            if (KafkaSupport.of(name).filter(MovedSettings::isMoved).isPresent()) {
                kafka.put(name, value);
                settings = settings.withoutPath(KafkaBlock.pathOf(name));
            }
        });
    }

    private static boolean isMoved(KafkaSupport support) {
        return support.kind() == KafkaSupport.Kind.MOVED;
    }

    /**
     * @param source one source of settings, the result of {@link KafkaBlock#whole}
     * @throws SettingsException a moved setting has a value that Aeon does not support
     */
    static Config moved(Config source) {
        if (!source.hasPath(KafkaBlock.PATH)
                || source.getValue(KafkaBlock.PATH).valueType() != ConfigValueType.OBJECT) {
            return source;
        }
        MovedSettings moved = new MovedSettings(source);
        moved.moveRoles();
        moved.moveNode();
        moved.moveDirectories();
        moved.moveListeners();
        return moved.settings;
    }

    /** A node that is only a broker joins the controllers that are named. */
    private void moveRoles() {
        move("process.roles", "aeon.roles");
        boolean isBrokerOnly = list("process.roles").equals(List.of("broker"));
        for (String name : List.of("controller.quorum.voters", "controller.quorum.bootstrap.servers")) {
            if (isBrokerOnly && !list(name).isEmpty()) {
                settings = settings.withValue("aeon.join", value(name, controllers(name)));
            } else if (list(name).size() > 1 || isAnother(name)) {
                throw wrong(name, "use aeon.join for the controllers of the cluster that this node joins");
            }
        }
    }

    /** Whether the only voter is another node. An address alone does not tell. */
    private boolean isAnother(String name) {
        List<String> voters = list(name);
        String id = kafka.containsKey("node.id") ? "node.id" : "broker.id";
        return name.equals("controller.quorum.voters")
                && !voters.isEmpty()
                && kafka.containsKey(id)
                && !voters.get(0).startsWith(text(id) + "@");
    }

    /** The addresses, without the ids that they have in controller.quorum.voters. */
    private List<String> controllers(String name) {
        return list(name).stream().map(each -> each.replaceFirst("^\\d+@", "")).toList();
    }

    private void moveNode() {
        ConfigValue node = kafka.get("node.id");
        ConfigValue broker = kafka.get("broker.id");
        if (node != null && broker != null && !KafkaBlock.text(node).equals(KafkaBlock.text(broker))) {
            throw wrong("broker.id", "node.id and broker.id must be set to the same value");
        }
        move(node == null ? "broker.id" : "node.id", "aeon.node-id");
        move("broker.rack", "aeon.rack");
    }

    /** The first directory gets the metadata log, unless metadata.log.dir names another one. */
    private void moveDirectories() {
        String name = kafka.containsKey("log.dirs") ? "log.dirs" : "log.dir";
        List<String> directories = new ArrayList<>(list(name));
        if (kafka.containsKey(name) && directories.isEmpty()) {
            throw wrong(name, "must not be empty");
        }
        if (kafka.containsKey("metadata.log.dir")) {
            String first = text("metadata.log.dir");
            if (!directories.remove(first)) {
                throw wrong("metadata.log.dir", "must be one of " + name + ": its directory holds partitions too");
            }
            directories.add(0, first);
        }
        if (!directories.isEmpty()) {
            settings = settings.withValue("aeon.data-dir", value(name, directories.remove(0)))
                    .withValue("aeon.further-data-dirs", value(name, directories));
        }
    }

    private void move(String name, String path) {
        ConfigValue value = kafka.get(name);
        if (value != null) {
            settings = settings.withValue(path, value);
        }
    }

    private void moveListeners() {
        checkProtocols();
        KafkaListenerNames names = new KafkaListenerNames(
                endpoints("listeners"), endpoints("advertised.listeners"), controllerListeners());
        if (kafka.containsKey("listeners") && names.ofClients().isEmpty()) {
            throw wrong("listeners", "the list contains no listener for clients");
        }
        endpoints("listeners").forEach(endpoint -> put(names, endpoint, "listeners", "host", "port"));
        endpoints("advertised.listeners").forEach(endpoint -> {
            if (!names.knows(endpoint)) {
                throw wrong("advertised.listeners", "listener " + endpoint.listener() + " is not among listeners");
            }
            put(names, endpoint, "advertised.listeners", "advertised-host", "advertised-port");
        });
        renameForNodes(names);
    }

    /** A listener that has another name in Aeon has it here too. */
    private void renameForNodes(KafkaListenerNames names) {
        String path = KafkaBlock.pathOf(NodeListeners.SETTING);
        if (settings.hasPath(path)) {
            ConfigValue given = settings.getValue(path);
            names.of(KafkaBlock.text(given).toUpperCase(Locale.ROOT))
                    .map(ListenerSettings::nameInCluster)
                    .ifPresent(name -> settings = settings.withValue(
                            path, ConfigValueFactory.fromAnyRef(name).withOrigin(given.origin())));
        }
    }

    private void put(KafkaListenerNames names, KafkaEndpoint endpoint, String source, String host, String port) {
        names.of(endpoint.listener()).ifPresent(name -> {
            String path = "aeon.listeners." + ConfigUtil.quoteString(name) + ".";
            String address = endpoint.host().isEmpty() && host.equals("host") ? "0.0.0.0" : endpoint.host();
            settings = settings.withValue(path + host, value(source, address))
                    .withValue(path + port, value(source, endpoint.port()));
        });
    }

    private ConfigValue value(String source, Object value) {
        ConfigValue given = kafka.get(source);
        ConfigValue moved = ConfigValueFactory.fromAnyRef(value);
        return given == null ? moved : moved.withOrigin(given.origin());
    }

    private List<String> controllerListeners() {
        List<String> given = list("controller.listener.names");
        return given.isEmpty() ? List.of("CONTROLLER") : given;
    }

    private List<KafkaEndpoint> endpoints(String name) {
        if (!kafka.containsKey(name)) {
            return List.of();
        }
        try {
            return KafkaEndpoint.list(text(name));
        } catch (IllegalArgumentException e) {
            throw wrong(name, String.valueOf(e.getMessage()));
        }
    }

    /** Every listener must be plaintext; entries of the map for unknown listener names are ignored. */
    private void checkProtocols() {
        Map<String, String> protocols = new TreeMap<>();
        list("listener.security.protocol.map").forEach(entry -> {
            String[] pair = entry.split(":", -1);
            protocols.put(pair[0].strip(), pair[pair.length - 1].strip());
        });
        endpoints("listeners").forEach(endpoint -> {
            String protocol = protocols.getOrDefault(endpoint.listener(), endpoint.listener());
            if (protocol.matches("SSL|SASL_PLAINTEXT|SASL_SSL")) {
                throw wrong(
                        protocols.isEmpty() ? "listeners" : "listener.security.protocol.map",
                        "listener " + endpoint.listener() + " asks for " + protocol
                                + ", but Aeon supports only PLAINTEXT so far");
            }
        });
    }

    /** Without items if the setting is missing or empty. */
    private List<String> list(String name) {
        String text = text(name);
        return text.isEmpty() ? List.of() : Arrays.asList(text.split("\\s*,\\s*", -1));
    }

    private String text(String name) {
        ConfigValue value = kafka.get(name);
        return value == null ? "" : KafkaBlock.text(value);
    }

    private SettingsException wrong(String name, String problem) {
        ConfigValue value = kafka.get(name);
        return SettingsException.at("aeon.kafka." + name, problem, value);
    }
}
