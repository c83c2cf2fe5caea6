package io.aeon.config;

/**
 * The HTTP server of the broker: console and health checks.
 *
 * @param host address to bind
 * @param port port to bind: 0 for a free port, -1 for no HTTP server
 * @param isPortChosen whether the user has given the port, so that a broker with another one, or without, would not be
 *     what the user wants
 * @param write whether the console may change something
 */
public record ConsoleSettings(String host, int port, boolean isPortChosen, boolean write) {
    /** Whether there is no HTTP server. */
    public boolean isOff() {
        return port < 0;
    }
}
