package io.aeon.benchmarks.acceptance;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of the connectors that a worker of Kafka Connect runs for {@link Mirror}. */
final class ConnectorSettings {
    private ConnectorSettings() {}

    static Map<String, String> file(String kind, Map<String, String> its) {
        Map<String, String> config = new TreeMap<>(its);
        config.put("connector.class", "org.apache.kafka.connect.file.FileStream" + kind + "Connector");
        config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        config.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        return config;
    }

    static Map<String, String> mirroring(String kind, MirroredCluster from, MirroredCluster to) {
        Map<String, String> config = new TreeMap<>();
        config.put("connector.class", "org.apache.kafka.connect.mirror.Mirror" + kind + "Connector");
        config.put("source.cluster.alias", from.alias());
        config.put("source.cluster.bootstrap.servers", from.bootstrap());
        config.put("target.cluster.alias", to.alias());
        config.put("target.cluster.bootstrap.servers", to.bootstrap());
        for (String client : List.of("producer", "consumer", "admin")) {
            config.put(client + ".override.bootstrap.servers", to.bootstrap());
        }
        config.put("tasks.max", "2");
        config.put("topics", from.alias() + "-.*");
        config.put("groups", from.alias() + "-.*");
        config.put("replication.factor", "1");
        for (String topic : List.of("offset-syncs", "checkpoints", "heartbeats")) {
            config.put(topic + ".topic.replication.factor", "1");
        }
        for (String period : List.of(
                "refresh.topics",
                "refresh.groups",
                "sync.topic.configs",
                "sync.group.offsets",
                "emit.checkpoints",
                "emit.heartbeats")) {
            config.put(period + ".interval.seconds", "1");
        }
        config.put("sync.topic.acls.enabled", "false");
        config.put("sync.group.offsets.enabled", "true");
        config.put("offset.lag.max", "0");
        config.put("source.consumer.isolation.level", "read_committed");
        if (kind.equals("Source")) {
            config.put("exactly.once.support", "required");
        }
        return config;
    }
}
