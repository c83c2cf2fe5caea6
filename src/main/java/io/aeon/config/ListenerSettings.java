package io.aeon.config;

import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * One address to which clients or other nodes connect.
 *
 * @param name the listener's name
 * @param host address to bind
 * @param port port to bind, 0 for a free port
 * @param advertisedHost host that clients get in metadata, empty for the host to which the client has connected
 * @param advertisedPort port that clients get in metadata, 0 for the port to which the client has connected
 */
public record ListenerSettings(String name, String host, int port, String advertisedHost, int advertisedPort) {
    /** The name of the listener that the settings have from the start. */
    static final String FIRST = "client";

    private static final String PLAINTEXT = "PLAINTEXT";

    /**
     * The name by which the brokers of a cluster, Kafka's among them, know the listener {@code name}. As in Kafka, a
     * listener that nobody has named, here {@code client}, has the name of its security protocol, and names are in
     * upper case.
     */
    public static String nameInCluster(String name) {
        return name.equals(FIRST) ? PLAINTEXT : name.toUpperCase(Locale.ROOT);
    }

    /**
     * The address by which other nodes, and the clients that they tell it, reach this listener; unresolved.
     *
     * @param boundPort the port that the listener is bound to
     */
    public InetSocketAddress reachable(int boundPort) {
        int known = advertisedPort == 0 ? port : advertisedPort;
        return InetSocketAddress.createUnresolved(
                advertisedHost.isEmpty() ? host : advertisedHost, known == 0 ? boundPort : known);
    }
}
