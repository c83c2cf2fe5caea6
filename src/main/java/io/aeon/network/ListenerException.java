package io.aeon.network;

import io.aeon.config.ConsoleSettings;
import io.aeon.config.ListenerSettings;
import java.nio.channels.UnresolvedAddressException;

/** A listener's address cannot be bound. The message names the listener, the address, the cause and the remedy. */
public final class ListenerException extends RuntimeException {
    ListenerException(ListenerSettings listener, Throwable failure) {
        this(
                "listener " + listener.name(),
                listener.host(),
                listener.port(),
                "aeon.listeners." + listener.name() + ".",
                failure);
    }

    public ListenerException(ConsoleSettings console, Throwable failure) {
        this("the console", console.host(), console.port(), "aeon.console.", failure);
    }

    private ListenerException(String listener, String host, int port, String settings, Throwable failure) {
        super(listener + " cannot bind " + host + ":" + port + ": " + reason(host, settings, failure), failure);
    }

    private static String reason(String host, String settings, Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof UnresolvedAddressException) {
            return "the host " + host + " cannot be resolved to an address; correct " + settings + "host";
        }
        String told = String.valueOf(root.getMessage());
        if (told.startsWith("Address already in use")) {
            return told + "; stop the program that uses it, or set another " + settings + "port";
        }
        if (told.startsWith("Permission denied")) {
            return told + "; a port below 1024 needs a privilege, so set another " + settings + "port";
        }
        if (told.startsWith("Cannot assign requested address")) {
            return told + "; no network interface of this machine has it, so correct " + settings + "host";
        }
        return told;
    }
}
