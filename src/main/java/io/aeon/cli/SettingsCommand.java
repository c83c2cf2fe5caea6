package io.aeon.cli;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/** Prints the settings of brokers or of a topic, with their sources. */
final class SettingsCommand implements Subcommand {
    private static final String ALL = "all";

    private final PrintStream out;

    SettingsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public String words() {
        return "settings";
    }

    @Override
    public String summary() {
        return "Print the settings of the brokers that are not the default, with their sources.";
    }

    @Override
    public String more() {
        return "With TOPIC those of the topic. The names are Kafka's. The log of a broker names the settings of Aeon's own at"
                + " its start.";
    }

    @Override
    public String operand() {
        return "[TOPIC]";
    }

    @Override
    public Options options() {
        return Cluster.options()
                .addOption(Option.builder()
                        .longOpt(ALL)
                        .desc("Print the settings with default values too.")
                        .get());
    }

    @Override
    public int run(Given given) throws InterruptedException {
        Optional<String> topic = given.optionalOperand();
        try (Cluster cluster = Cluster.of(given)) {
            Listing listing;
            if (topic.isPresent()) {
                TopicsCommand.description(cluster, topic.get());
                listing = ofTopic(cluster, topic.get(), given.has(ALL));
            } else {
                listing = ofBrokers(cluster, given.has(ALL));
            }
            Listing.print(out, given.has(Cluster.JSON), List.of(listing));
        }
        return Main.OK;
    }

    static Listing ofTopic(Cluster cluster, String topic, boolean all) throws InterruptedException {
        Listing listing = new Listing("settings", "setting", "value", "source");
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        for (Config told : cluster.get(
                        cluster.admin().describeConfigs(List.of(resource)).all())
                .values()) {
            for (ConfigEntry each : entries(told, all)) {
                listing.row(each.name(), value(each), source(each));
            }
        }
        return listing;
    }

    /** @throws CommandException a broker does not tell its settings */
    static Listing ofBrokers(Cluster cluster, boolean all) throws InterruptedException {
        Listing listing = new Listing("settings", "broker", "setting", "value", "source");
        List<ConfigResource> brokers = cluster
                .get(cluster.admin().describeCluster().nodes())
                .stream()
                .map(broker -> new ConfigResource(ConfigResource.Type.BROKER, broker.idString()))
                .toList();
        SortedMap<Integer, KafkaFuture<Config>> asked = new TreeMap<>();
        cluster.admin()
                .describeConfigs(brokers)
                .values()
                .forEach((broker, settings) -> asked.put(Integer.valueOf(broker.name()), settings));
        for (Map.Entry<Integer, KafkaFuture<Config>> broker : asked.entrySet()) {
            Config told = Cluster.get("broker " + broker.getKey(), "its settings", broker.getValue());
            for (ConfigEntry each : entries(told, all)) {
                listing.row(broker.getKey(), each.name(), value(each), source(each));
            }
        }
        return listing;
    }

    private static List<ConfigEntry> entries(Config told, boolean all) {
        return told.entries().stream()
                .filter(each -> all || !each.isDefault())
                .sorted(Comparator.comparing(ConfigEntry::name))
                .toList();
    }

    private static @Nullable String value(ConfigEntry entry) {
        return entry.isSensitive() ? "[hidden]" : entry.value();
    }

    private static String source(ConfigEntry entry) {
        return switch (entry.source()) {
            case DYNAMIC_TOPIC_CONFIG -> "topic";
            case DYNAMIC_BROKER_CONFIG -> "broker, at run time";
            case DYNAMIC_DEFAULT_BROKER_CONFIG -> "all brokers, at run time";
            case DYNAMIC_BROKER_LOGGER_CONFIG -> "logger, at run time";
            case DYNAMIC_CLIENT_METRICS_CONFIG -> "client metrics";
            case DYNAMIC_GROUP_CONFIG -> "group";
            case STATIC_BROKER_CONFIG -> "start of the broker";
            case DEFAULT_CONFIG -> "default";
            case UNKNOWN -> "unknown";
        };
    }
}
