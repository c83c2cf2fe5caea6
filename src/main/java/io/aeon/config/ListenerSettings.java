package io.aeon.config;

/**
 * One address clients connect to.
 *
 * @param name the listener's name
 * @param host address to bind
 * @param port port to bind, 0 for any free one
 * @param advertisedHost host clients are told, empty for the one they connected to
 * @param advertisedPort port clients are told, 0 for the one they connected to
 */
public record ListenerSettings(String name, String host, int port, String advertisedHost, int advertisedPort) {}
