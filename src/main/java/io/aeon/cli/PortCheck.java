package io.aeon.cli;

import io.aeon.config.AeonSettings;
import io.aeon.config.ConsoleSettings;
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

/** Whether the ports of the listeners and of the console can be bound, or answer if the broker runs. */
final class PortCheck {
    private static final String PORTS = "ports";
    private static final int TIMEOUT_MS = 3_000;

    private PortCheck() {}

    /** @param runs whether the broker with these settings runs */
    static List<CheckResult> of(AeonSettings settings, boolean runs) {
        Stream<Port> listeners = Stream.concat(
                        settings.listeners().values().stream(), settings.quorum().listener().stream())
                .map(Port::of);
        // A console whose port is the default one takes the next that is free.
        ConsoleSettings console = settings.console();
        boolean isRequired = console.isPortChosen() && !console.isOff();
        return Stream.concat(listeners, isRequired ? Stream.of(Port.of(console)) : Stream.empty())
                .map(port -> runs ? answers(port) : isFree(port))
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
                .map(listener -> Utils.formatAddress(
                        local(listener.host(), listener.port()).getHostString(), listener.port()));
    }

    private static InetSocketAddress local(String host, int port) {
        InetSocketAddress bound = new InetSocketAddress(host, port);
        return bound.getAddress() != null && bound.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                : bound;
    }

    private static CheckResult isFree(Port port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port.host(), port.number()));
            return CheckResult.ok(PORTS, port.described() + " is free");
        } catch (IOException e) {
            return CheckResult.failure(
                    PORTS,
                    port.described() + " cannot be bound: " + e.getMessage()
                            + "; stop the program that uses it, or set another " + port.settings() + ".port or .host");
        }
    }

    private static CheckResult answers(Port port) {
        if (port.number() == 0) {
            return CheckResult.ok(PORTS, port.name() + " has a free port that the broker has chosen");
        }
        try (Socket socket = new Socket()) {
            socket.connect(local(port.host(), port.number()), TIMEOUT_MS);
            return CheckResult.ok(PORTS, port.described() + " answers");
        } catch (IOException e) {
            return CheckResult.failure(
                    PORTS,
                    "a broker runs on the data directory, and " + port.described() + " does not answer: "
                            + e.getMessage() + "; see its log, or give this command the options of its start");
        }
    }

    /**
     * A port that the broker opens.
     *
     * @param name as a person reads it
     * @param settings the path of its settings
     */
    private record Port(String name, String settings, String host, int number) {
        static Port of(ListenerSettings listener) {
            return new Port(
                    "listener " + listener.name(),
                    "aeon.listeners." + listener.name(),
                    listener.host(),
                    listener.port());
        }

        static Port of(ConsoleSettings console) {
            return new Port("the console", "aeon.console", console.host(), console.port());
        }

        String described() {
            return name + " at " + Utils.formatAddress(host, number);
        }
    }
}
