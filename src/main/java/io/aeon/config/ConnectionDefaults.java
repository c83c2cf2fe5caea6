package io.aeon.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Kafka's broker settings on connections. */
final class ConnectionDefaults {
    private ConnectionDefaults() {}

    static ConfigDef addTo(ConfigDef definition) {
        return definition
                .define(
                        "max.connections",
                        Type.INT,
                        Integer.MAX_VALUE,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Connections at once, over all listeners; more are refused.")
                .define(
                        "max.connections.per.ip",
                        Type.INT,
                        Integer.MAX_VALUE,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Connections at once from one address; more are refused.")
                .define(
                        "connections.max.idle.ms",
                        Type.LONG,
                        600_000L,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Milliseconds after which a connection is closed that asks nothing and reads nothing.")
                .define(
                        "socket.request.max.bytes",
                        Type.INT,
                        100 << 20,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Largest request in bytes; a larger one closes its connection.");
    }
}
