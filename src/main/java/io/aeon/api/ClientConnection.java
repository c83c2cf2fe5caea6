package io.aeon.api;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One client's connection as long as it lasts: what handlers learn of the client stands here for its later requests, and
 * what they hold for it ends with it. Thread-safe.
 */
public final class ClientConnection {
    private final String listener;
    private final InetSocketAddress advertised;
    private final InetSocketAddress remote;
    private volatile String software = "unknown";
    /** Guarded by this object, as is the one below. */
    private Set<Registration> registrations = Set.of();

    private boolean ended;

    /**
     * @param listener name of the listener it came in by
     * @param advertised host and port this client shall be told to connect to
     * @param remote the client's address
     */
    public ClientConnection(String listener, InetSocketAddress advertised, InetSocketAddress remote) {
        this.listener = listener;
        this.advertised = advertised;
        this.remote = remote;
    }

    public String listener() {
        return listener;
    }

    public InetSocketAddress advertised() {
        return advertised;
    }

    public InetSocketAddress remote() {
        return remote;
    }

    /** Name and version of the client's library, "unknown" before ApiVersions v3 (KIP-511). */
    public String software() {
        return software;
    }

    void software(String name, String version) {
        software = name + " " + version;
    }

    /**
     * Has {@code action} run once when the connection has ended, or will as soon as the requests under way are answered
     * because the broker stops; at once if that is so already. A client that has only stopped sending still waits for its
     * replies: its connection has not ended.
     *
     * @param action must return at once and must not throw; any thread may run it
     */
    public Registration onEnd(Runnable action) {
        Registration registration = new Registration(action);
        synchronized (this) {
            if (!ended) {
                if (registrations.isEmpty()) {
                    registrations = new HashSet<>(2);
                }
                registrations.add(registration);
                return registration;
            }
        }
        action.run();
        return registration;
    }

    /** The connection has ended. Again has no effect. */
    public void ended() {
        List<Registration> told;
        synchronized (this) {
            ended = true;
            told = List.copyOf(registrations);
            registrations = Set.of();
        }
        told.forEach(registration -> registration.action.run());
    }

    private synchronized void remove(Registration registration) {
        if (registrations.size() == 1 && registrations.contains(registration)) {
            registrations = Set.of();
        } else if (!registrations.isEmpty()) {
            registrations.remove(registration);
        }
    }

    @Override
    public String toString() {
        return software + " at " + remote.getAddress().getHostAddress() + ":" + remote.getPort() + " (listener "
                + listener + ")";
    }

    /** Somebody who wants to know that the connection has ended. */
    public final class Registration {
        private final Runnable action;

        private Registration(Runnable action) {
            this.action = action;
        }

        /** The end is of no interest any more. Again has no effect. */
        public void cancel() {
            remove(this);
        }
    }
}
