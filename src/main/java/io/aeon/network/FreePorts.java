package io.aeon.network;

import io.aeon.config.ConsoleSettings;
import io.aeon.config.ListenerSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.Collection;

/**
 * Checks that the listeners' ports are free. A start does this before it creates files, so that a refused start leaves
 * none behind.
 */
public final class FreePorts {
    private FreePorts() {}

    /** @throws ListenerException a listener's address cannot be bound at present */
    public static void require(Collection<ListenerSettings> listeners) {
        listeners.forEach(FreePorts::require);
    }

    private static void require(ListenerSettings listener) {
        try {
            bind(listener.host(), listener.port());
        } catch (IOException | UnresolvedAddressException e) {
            throw new ListenerException(listener, e);
        }
    }

    /** @throws ListenerException the console's address cannot be bound at present */
    public static void require(ConsoleSettings console) {
        try {
            bind(console.host(), console.port());
        } catch (IOException | UnresolvedAddressException e) {
            throw new ListenerException(console, e);
        }
    }

    private static void bind(String host, int port) throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open()) {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(new InetSocketAddress(host, port));
        }
    }
}
