package io.aeon.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * All settings of one broker, read once from {@code aeon { }}.
 *
 * @param dataDir directory of everything this broker keeps
 * @param nodeId this broker's number in the cluster
 * @param stopTimeout how long each part of a stop may take
 * @param listeners by name
 * @param flush when appended records are forced to the disk
 * @param minFreeBytes what clients' records leave free on the disk
 * @param partitions how many may be open, and for how long without being used
 * @param network bounds of the network side
 * @param kafka broker settings under Kafka's own names
 * @param actorSystem what the actor system is started with, Akka's own defaults included
 */
public record AeonSettings(
        Path dataDir,
        int nodeId,
        Duration stopTimeout,
        Map<String, ListenerSettings> listeners,
        FlushSettings flush,
        long minFreeBytes,
        PartitionSettings partitions,
        NetworkSettings network,
        KafkaSettings kafka,
        Config actorSystem) {

    /**
     * Reads a whole configuration: {@code aeon { }} over this program's and Akka's defaults, see {@link SettingsSources}.
     *
     * @throws SettingsException a value is wrong, or a key under {@code aeon} is none of Aeon's
     */
    public static AeonSettings load(Config config) {
        return new SettingsLoader(config).load();
    }
}
