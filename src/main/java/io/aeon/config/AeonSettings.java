package io.aeon.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All settings of one broker, read once from {@code aeon { }}.
 *
 * @param dataDir data directory with the metadata log, and with partitions
 * @param furtherDataDirs data directories with partitions alone
 * @param nodeId node id of this broker in the cluster
 * @param rack where this broker is, for the placement of replicas and for reads; empty if that is not known
 * @param stopTimeout maximum time of each part of a stop
 * @param blockingThreads maximum number of threads that wait for a disk
 * @param listeners the listeners for clients by their names
 * @param quorum how this node takes part in the metadata quorum
 * @param flush when appended records are forced to the disk
 * @param minFreeBytes bytes of the disk that clients' records must leave free
 * @param partitions limits for open partitions
 * @param network limits for connections and requests
 * @param console the HTTP server
 * @param kafka broker settings with Kafka's names
 * @param actorSystem the configuration of the actor system, with Akka's defaults
 */
public record AeonSettings(
        Path dataDir,
        List<Path> furtherDataDirs,
        int nodeId,
        Optional<String> rack,
        Duration stopTimeout,
        int blockingThreads,
        Map<String, ListenerSettings> listeners,
        QuorumSettings quorum,
        FlushSettings flush,
        long minFreeBytes,
        PartitionSettings partitions,
        NetworkSettings network,
        LimitSettings limits,
        ConsoleSettings console,
        KafkaSettings kafka,
        Config actorSystem) {

    /** All data directories, {@code dataDir} first. */
    public List<Path> dataDirs() {
        return Stream.concat(Stream.of(dataDir), furtherDataDirs.stream()).toList();
    }

    /**
     * The names of {@code listeners} in the order in which they count for reaching other nodes: two nodes use the first
     * one that both have.
     */
    public List<String> listenersForNodes() {
        return NodeListeners.inOrder(kafka, listeners.keySet());
    }

    /**
     * Reads a whole configuration: {@code aeon { }} with the defaults of Aeon and Akka, see {@link SettingsSources}.
     *
     * @throws SettingsException a value is wrong, or a key under {@code aeon} is unknown
     */
    public static AeonSettings load(Config config) {
        Thread thread = Thread.currentThread();
        ClassLoader callers = thread.getContextClassLoader();
        // Kafka's definitions load classes by this loader, and a program may have Aeon in a class loader of its own.
        thread.setContextClassLoader(AeonSettings.class.getClassLoader());
        try {
            return new SettingsLoader(config).load();
        } finally {
            thread.setContextClassLoader(callers);
        }
    }
}
