package io.aeon.api;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One client's connection. It stores what later requests need to know about the client, and runs registered actions
 * when the connection ends. Thread-safe.
 */
public final class ClientConnection {
    private final String listener;
    private final InetSocketAddress advertised;
    private final InetSocketAddress remote;
    private volatile Software software = Software.UNKNOWN;
    /** Guarded by this object, like {@link #ended}. */
    private Set<Registration> registrations = Set.of();

    private boolean ended;

    /**
     * @param listener name of the listener that accepted the connection
     * @param advertised host and port of this broker in responses to this client
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

    /** The client's library; unknown before ApiVersions v3 (KIP-511). */
    public Software software() {
        return software;
    }

    void software(Software told) {
        software = told;
    }

    /**
     * Runs {@code action} once when the connection ends, or at once if it has ended already. When the broker stops, a
     * connection counts as ended before its requests under way are answered. A client that has only stopped sending
     * still waits for its replies; its connection has not ended.
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

    /** Whether the connection has ended, in the sense of {@link #onEnd}. */
    public synchronized boolean hasEnded() {
        return ended;
    }

    /** Marks the connection as ended and runs the registered actions. Idempotent. */
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

    /** The name and the version of a client's library. */
    public record Software(String name, String version) {
        static final Software UNKNOWN = new Software("unknown", "unknown");
        /** Each connection keeps both texts; no library has longer ones. */
        private static final int LONGEST = 256;

        /** What a client has told; longer texts are cut. */
        static Software told(String name, String version) {
            return new Software(cut(name), cut(version));
        }

        private static String cut(String text) {
            return text.substring(0, Math.min(text.length(), LONGEST));
        }

        @Override
        public String toString() {
            return equals(UNKNOWN) ? name : name + " " + version;
        }
    }

    /** An action that runs when the connection ends. */
    public final class Registration {
        private final Runnable action;

        private Registration(Runnable action) {
            this.action = action;
        }

        /** Removes the action. Idempotent. */
        public void cancel() {
            remove(this);
        }
    }
}
