package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.console.http.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/** Creates, changes and deletes topics. What is done is answered by an empty object. */
final class TopicChanges {
    private final ClusterClients clients;

    TopicChanges(ClusterClients clients) {
        this.clients = clients;
    }

    void addTo(Routes routes) {
        routes.post("/api/topics/create", this::create);
        routes.post("/api/topics/delete", this::delete);
        routes.post("/api/topics/partitions", this::addPartitions);
        routes.post("/api/topics/settings", this::change);
    }

    /** Without numbers the cluster's defaults count. */
    record CreateTopic(
            @Nullable String name,
            @Nullable Integer partitions,
            @Nullable Short replicas,
            @Nullable Map<String, String> settings) {}

    record DeleteTopic(@Nullable String name) {}

    record GrowTopic(@Nullable String name, int partitions) {}

    /** @param settings new values; null takes the topic's own value away */
    record ChangeTopic(@Nullable String name, @Nullable Map<String, @Nullable String> settings) {}

    private HttpAnswer create(HttpQuery query) throws IOException, InterruptedException {
        CreateTopic wanted = Json.body(query, CreateTopic.class);
        NewTopic topic = new NewTopic(
                name(wanted.name()), Optional.ofNullable(wanted.partitions()), Optional.ofNullable(wanted.replicas()));
        topic.configs(wanted.settings() == null ? Map.of() : wanted.settings());
        Calls.done(clients.admin().createTopics(List.of(topic)).all());
        return done();
    }

    private HttpAnswer delete(HttpQuery query) throws IOException, InterruptedException {
        String name = name(Json.body(query, DeleteTopic.class).name());
        if (BrokerView.isInternal(name)) {
            throw RefusedException.wrong(
                    name + " is a topic of the brokers, without which they lose offsets of groups or"
                            + " transactions; it is not deleted here");
        }
        Calls.done(clients.admin().deleteTopics(List.of(name)).all());
        return done();
    }

    private HttpAnswer addPartitions(HttpQuery query) throws IOException, InterruptedException {
        GrowTopic wanted = Json.body(query, GrowTopic.class);
        Map<String, NewPartitions> change = Map.of(name(wanted.name()), NewPartitions.increaseTo(wanted.partitions()));
        Calls.done(clients.admin().createPartitions(change).all());
        return done();
    }

    private HttpAnswer change(HttpQuery query) throws IOException, InterruptedException {
        ChangeTopic wanted = Json.body(query, ChangeTopic.class);
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name(wanted.name()));
        List<AlterConfigOp> changes = new ArrayList<>();
        if (wanted.settings() != null) {
            wanted.settings()
                    .forEach((name, value) -> changes.add(new AlterConfigOp(
                            new ConfigEntry(name, value),
                            value == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET)));
        }
        if (changes.isEmpty()) {
            throw RefusedException.wrong("no setting is given");
        }
        Calls.done(
                clients.admin().incrementalAlterConfigs(Map.of(topic, changes)).all());
        return done();
    }

    static HttpAnswer done() throws IOException {
        return Json.answer(Map.of());
    }

    private static String name(@Nullable String name) {
        if (name == null || name.isBlank()) {
            throw RefusedException.wrong("the name of the topic is missing");
        }
        return name.trim();
    }
}
