package io.aeon.config;

/**
 * One address to which clients connect.
 *
 * @param name the listener's name
 * @param host address to bind
 * @param port port to bind, 0 for a free port
 * @param advertisedHost host that clients get in metadata, empty for the host to which the client has connected
 * @param advertisedPort port that clients get in metadata, 0 for the port to which the client has connected
 */
public record ListenerSettings(String name, String host, int port, String advertisedHost, int advertisedPort) {}
