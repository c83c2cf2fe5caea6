package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import io.aeon.config.ConsoleSettings;
import io.aeon.config.ListenerSettings;
import io.aeon.console.http.Doorkeeper;
import io.aeon.console.http.HostNames;
import io.aeon.console.http.HttpPort;
import io.aeon.console.http.Routes;
import io.aeon.network.ListenerException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the HTTP port of a broker that serves already, on a thread of its own: the start does not wait for the classes
 * of an HTTP server. A port that cannot be bound any more does not stop a broker that serves.
 */
final class HttpStart implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpStart.class);
    /** Ports above the default one, for further nodes on the same machine. */
    private static final int SPARE_PORTS = 20;

    private static final Path NAME_OF_MACHINE = Path.of("/proc/sys/kernel/hostname");

    private final AeonSettings settings;
    private final CompletableFuture<Optional<HttpPort>> opened = new CompletableFuture<>();

    private HttpStart(AeonSettings settings) {
        this.settings = settings;
    }

    /** @param routes called on the thread that opens the port; not at all if there is to be none */
    static HttpStart begin(AeonSettings settings, Supplier<Routes> routes) {
        HttpStart start = new HttpStart(settings);
        if (settings.console().isOff()) {
            start.opened.complete(Optional.empty());
        } else {
            Thread thread = new Thread(() -> start.open(routes), "aeon-http-start");
            thread.setDaemon(true);
            thread.start();
        }
        return start;
    }

    /** The address of the console, empty if the port is not open. Waits until that is known. */
    Optional<URI> address() {
        return opened.join().map(HttpStart::address);
    }

    private static URI address(HttpPort port) {
        return URI.create("http://" + OwnAddress.of(port.address()) + "/");
    }

    private void open(Supplier<Routes> routes) {
        ConsoleSettings console = settings.console();
        try {
            HttpPort port = HttpPort.open(
                    new InetSocketAddress(console.host(), console.port()),
                    console.isPortChosen() ? 0 : SPARE_PORTS,
                    routes.get(),
                    new Doorkeeper(new HostNames(names()), console.write()));
            boolean isUsual = console.isPortChosen() || port.address().getPort() == console.port();
            LOG.info("The console is at {}{}", address(port), isUsual ? "" : ", because its usual port is taken");
            opened.complete(Optional.of(port));
        } catch (IOException e) {
            LOG.warn("There is no console and no health check: {}", new ListenerException(console, e).getMessage());
            opened.complete(Optional.empty());
        } catch (RuntimeException | Error e) {
            LOG.error("There is no console and no health check", e);
            opened.complete(Optional.empty());
        }
    }

    /** The names by which other machines may call this one. */
    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(settings.console().host()));
        settings.listeners().values().stream()
                .map(ListenerSettings::advertisedHost)
                .forEach(names::add);
        try {
            names.add(Files.readString(NAME_OF_MACHINE).trim());
        } catch (IOException e) {
            LOG.debug("The name of this machine is not known", e);
        }
        return names;
    }

    @Override
    public void close() {
        opened.join().ifPresent(HttpPort::close);
    }
}
