package io.aeon.network;

import io.aeon.config.ListenerSettings;
import java.nio.channels.UnresolvedAddressException;

/** A listener's address cannot be bound. The message names the listener, the address, the cause and the remedy. */
public final class ListenerException extends RuntimeException {
    ListenerException(ListenerSettings listener, Throwable failure) {
        super(
                "listener " + listener.name() + " cannot bind " + listener.host() + ":" + listener.port() + ": "
                        + reason(listener, failure),
                failure);
    }

    private static String reason(ListenerSettings listener, Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String settings = "aeon.listeners." + listener.name() + ".";
        if (root instanceof UnresolvedAddressException) {
            return "the host " + listener.host() + " cannot be resolved to an address; correct " + settings + "host";
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
