package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.Routes;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/** The effective settings of a topic, a group or a broker, each with where its value comes from. */
final class SettingsView {
    private final BrokerView broker;
    private final ClusterClients clients;

    SettingsView(BrokerView broker, ClusterClients clients) {
        this.broker = broker;
        this.clients = clients;
    }

    void addTo(Routes routes) {
        routes.get("/api/settings", query -> answer(ConfigResource.Type.BROKER, broker(query)));
        routes.get("/api/topic/settings", query -> answer(ConfigResource.Type.TOPIC, query.required("name")));
        routes.get("/api/group/settings", query -> answer(ConfigResource.Type.GROUP, query.required("name")));
    }

    /**
     * A setting.
     *
     * @param value null if it is a secret, or if there is none
     * @param source where the value comes from, in words
     * @param own whether the value is given for the resource itself
     * @param fixed whether the value is the one of the start and cannot be changed at run time
     */
    record Setting(
            String name,
            @Nullable String value,
            String source,
            boolean own,
            boolean usual,
            boolean secret,
            boolean fixed,
            String type,
            @Nullable String documentation) {}

    private String broker(HttpQuery query) {
        return query.text("broker").orElse(Integer.toString(broker.metadata().nodeId()));
    }

    private HttpAnswer answer(ConfigResource.Type type, String name) throws IOException, InterruptedException {
        ConfigResource resource = new ConfigResource(type, name);
        DescribeConfigsOptions options = new DescribeConfigsOptions().includeDocumentation(true);
        Map<ConfigResource, Config> described = Calls.done(
                clients.admin().describeConfigs(List.of(resource), options).all());
        return Json.answer(described.values().stream()
                .flatMap(config -> config.entries().stream())
                .sorted(Comparator.comparing(ConfigEntry::name))
                .map(SettingsView::setting)
                .toList());
    }

    private static Setting setting(ConfigEntry entry) {
        return new Setting(
                entry.name(),
                entry.isSensitive() ? null : entry.value(),
                words(entry.source()),
                isOwn(entry.source()),
                entry.isDefault(),
                entry.isSensitive(),
                entry.isReadOnly(),
                entry.type().name().toLowerCase(Locale.ROOT),
                entry.documentation());
    }

    private static boolean isOwn(ConfigEntry.ConfigSource source) {
        return switch (source) {
            case DYNAMIC_TOPIC_CONFIG, DYNAMIC_GROUP_CONFIG, DYNAMIC_BROKER_CONFIG -> true;
            default -> false;
        };
    }

    private static String words(ConfigEntry.ConfigSource source) {
        return switch (source) {
            case DYNAMIC_TOPIC_CONFIG -> "this topic";
            case DYNAMIC_GROUP_CONFIG -> "this group";
            case DYNAMIC_BROKER_CONFIG -> "this broker, changed while it runs";
            case DYNAMIC_DEFAULT_BROKER_CONFIG -> "all brokers, changed while they run";
            case STATIC_BROKER_CONFIG -> "given at the start";
            case DEFAULT_CONFIG -> "default";
            default -> source.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }
}
