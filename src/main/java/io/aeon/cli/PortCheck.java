package io.aeon.cli;

import io.aeon.config.AeonSettings;
import io.aeon.config.ListenerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;

/** Whether the ports of the listeners can be bound, or answer if the broker runs. */
final class PortCheck {
    private static final String PORTS = "ports";
    private static final int TIMEOUT_MS = 3_000;

    private PortCheck() {}

    /** @param runs whether the broker with these settings runs */
    static List<CheckResult> of(AeonSettings settings, boolean runs) {
        return Stream.concat(settings.listeners().values().stream(), settings.quorum().listener().stream())
                .map(listener -> runs ? answers(listener) : isFree(listener))
                .toList();
    }

    /**
     * HOST:PORT at which a client on this machine reaches the broker; empty if its port is only known to the broker.
     */
    static Optional<String> address(AeonSettings settings) {
        return settings.listeners().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .filter(listener -> listener.port() > 0)
                .findFirst()
                .map(listener -> Utils.formatAddress(local(listener).getHostString(), listener.port()));
    }

    private static InetSocketAddress local(ListenerSettings listener) {
        InetSocketAddress bound = new InetSocketAddress(listener.host(), listener.port());
        return bound.getAddress() != null && bound.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port())
                : bound;
    }

    private static CheckResult isFree(ListenerSettings listener) {
        InetSocketAddress address = new InetSocketAddress(listener.host(), listener.port());
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address);
            return CheckResult.ok(PORTS, name(listener) + " is free");
        } catch (IOException e) {
            return CheckResult.failure(
                    PORTS,
                    name(listener) + " cannot be bound: " + e.getMessage()
                            + "; stop the program that uses it, or set another aeon.listeners." + listener.name()
                            + ".port or .host");
        }
    }

    private static CheckResult answers(ListenerSettings listener) {
        if (listener.port() == 0) {
            return CheckResult.ok(PORTS, "listener " + listener.name() + " has a free port that the broker has chosen");
        }
        try (Socket socket = new Socket()) {
            socket.connect(local(listener), TIMEOUT_MS);
            return CheckResult.ok(PORTS, name(listener) + " answers");
        } catch (IOException e) {
            return CheckResult.failure(
                    PORTS,
                    "a broker runs on the data directory, and " + name(listener) + " does not answer: " + e.getMessage()
                            + "; see its log, or give this command the options of its start");
        }
    }

    private static String name(ListenerSettings listener) {
        return "listener " + listener.name() + " at " + Utils.formatAddress(listener.host(), listener.port());
    }
}
