package io.aeon.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * All settings of one broker, read once from {@code aeon { }}.
 *
 * @param dataDir directory of everything this broker keeps
 * @param nodeId this broker's number in the cluster
 * @param listeners by name
 * @param flush when appended records are forced to the disk
 * @param network bounds of the network side
 * @param kafka broker settings under Kafka's own names
 */
public record AeonSettings(
        Path dataDir,
        int nodeId,
        Map<String, ListenerSettings> listeners,
        FlushSettings flush,
        NetworkSettings network,
        KafkaSettings kafka) {}
