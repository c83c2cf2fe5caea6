package io.aeon.network;

import io.aeon.config.ListenerSettings;
import java.net.InetSocketAddress;

/**
 * The address that a listener tells to its clients. It never resolves a name: the host goes to the client exactly as
 * the settings or the client's connection have it.
 */
final class AdvertisedAddress {
    private AdvertisedAddress() {}

    /** @param connectedTo the address of this broker that the client has connected to */
    static InetSocketAddress of(ListenerSettings listener, InetSocketAddress connectedTo) {
        String host = listener.advertisedHost().isEmpty()
                ? connectedTo.getAddress().getHostAddress()
                : listener.advertisedHost();
        int port = listener.advertisedPort() == 0 ? connectedTo.getPort() : listener.advertisedPort();
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** What all clients of the listener are told, in words for the log. */
    static String text(ListenerSettings listener) {
        String host = listener.advertisedHost().isEmpty()
                ? "the address to which each client connects"
                : listener.advertisedHost();
        return listener.advertisedPort() == 0 ? host : host + ", port " + listener.advertisedPort();
    }
}
