package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collects the settings of an embedded cluster; they count for each of its nodes. */
public final class AeonClusterBuilder {
    private static final List<String> OF_EACH_NODE =
            List.of("aeon.data-dir", "aeon.further-data-dirs", "aeon.node-id", "aeon.join", "aeon.roles");

    private final int nodes;
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private @Nullable Path dataDirectory;

    AeonClusterBuilder(int nodes) {
        if (nodes < 1) {
            throw new IllegalArgumentException("a cluster has at least one node, not " + nodes);
        }
        this.nodes = nodes;
    }

    /**
     * Keeps the data of each node in a directory below {@code directory}, whose name is the node's id. They remain
     * after the cluster stops. Without this call temporary directories are used and removed when the cluster closes.
     */
    public AeonClusterBuilder dataDirectory(Path directory) {
        this.dataDirectory = directory;
        return this;
    }

    /**
     * Sets one setting of all nodes by its full path, for example {@code aeon.kafka.broker.session.timeout.ms}, or
     * those of a block by a map. The last call for a setting counts.
     *
     * @throws IllegalArgumentException the cluster itself gives each node a value for this setting
     */
    public AeonClusterBuilder set(String path, Object value) {
        for (String own : OF_EACH_NODE) {
            if (SettingsSources.gives(Map.of(path, value), own)) {
                throw new IllegalArgumentException("a cluster gives each node its own " + own
                        + "; where their data are is said by dataDirectory(Path)");
            }
        }
        settings.remove(path);
        settings.put(path, value);
        return this;
    }

    /** The first node would start with them, and the second one fail. */
    private void refuseFixedPorts() {
        AeonSettings ofNode =
                AeonSettings.load(SettingsSources.given(AeonBuilder.DEFAULTS, AeonCluster.DEFAULTS, settings));
        Stream.concat(ofNode.listeners().values().stream(), ofNode.quorum().listener().stream())
                .forEach(listener -> refuseFixed("aeon.listeners." + listener.name() + ".port", listener.port()));
        refuseFixed("aeon.console.port", ofNode.console().port());
    }

    private void refuseFixed(String path, int port) {
        if (port > 0 && nodes > 1) {
            throw new IllegalArgumentException(
                    path + ": " + nodes + " nodes cannot all have port " + port + "; with 0 each takes a free one");
        }
    }

    /**
     * Starts the nodes and returns when all of them are in service and vote. A cluster that the program does not close
     * is closed when no other thread keeps the JVM alive; if its data are in temporary directories, also when the JVM
     * exits, which ends a start that is under way.
     *
     * @throws IllegalArgumentException the settings give several nodes the same port
     * @throws io.aeon.config.SettingsException a setting has a wrong value
     * @throws StartException a node cannot start; the others are closed again
     */
    public AeonCluster start() {
        refuseFixedPorts();
        AeonCluster cluster = unformed(dataDirectory);
        try {
            EndOfProgram.closes(cluster::close, cluster.whenClosed());
            if (dataDirectory == null) {
                EndOfProgram.closesAtExit(cluster::close, cluster.whenClosed());
            }
            cluster.form();
            return cluster;
        } catch (RuntimeException e) {
            closeAfter(e, cluster);
            throw e;
        }
    }

    /** What has failed the start is what the caller gets to know, also if the close fails, too. */
    private static void closeAfter(RuntimeException failure, AeonCluster cluster) {
        try {
            cluster.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private AeonCluster unformed(@Nullable Path kept) {
        if (kept != null) {
            return new AeonCluster(nodes, new LinkedHashMap<>(settings), kept, null);
        }
        Map<String, Object> given = new LinkedHashMap<>();
        if (!settings.containsKey("aeon.log.flush")) {
            given.put("aeon.log.flush", "os");
        }
        given.putAll(settings);
        TemporaryDirectory temporary = TemporaryDirectory.create();
        return new AeonCluster(nodes, given, temporary.path(), temporary);
    }
}
