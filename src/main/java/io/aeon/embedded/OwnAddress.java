package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import io.aeon.config.ListenerSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Utils;

/** The {@code host:port} at which this machine reaches a port of the broker. */
final class OwnAddress {
    private static final String CLIENT_LISTENER = "client";

    private OwnAddress() {}

    static String of(InetSocketAddress bound) {
        InetAddress address = bound.getAddress();
        InetAddress host = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
        return Utils.formatAddress(host.getHostAddress(), bound.getPort());
    }

    /** The listener {@code client}, or the first one if none has that name. */
    static InetSocketAddress ofClients(Map<String, InetSocketAddress> bound) {
        InetSocketAddress address = bound.get(CLIENT_LISTENER);
        return address != null ? address : bound.values().iterator().next();
    }

    /**
     * For the console, which is a client on this machine: best a listener that tells its clients the address to which
     * they have connected. What another one tells may not be reachable from here, in a container for example.
     */
    static String forConsole(AeonSettings settings, Map<String, InetSocketAddress> bound) {
        Map<String, InetSocketAddress> best = new TreeMap<>(bound);
        settings.listeners().values().stream()
                .filter(listener -> !advertisesNothing(listener))
                .forEach(listener -> best.remove(listener.name()));
        return of(ofClients(best.isEmpty() ? bound : best));
    }

    private static boolean advertisesNothing(ListenerSettings listener) {
        return listener.advertisedHost().isEmpty() && listener.advertisedPort() == 0;
    }
}
