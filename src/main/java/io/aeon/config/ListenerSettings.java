package io.aeon.config;

import java.net.InetSocketAddress;

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
