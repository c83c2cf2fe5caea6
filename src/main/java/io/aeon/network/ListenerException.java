package io.aeon.network;

import io.aeon.config.ListenerSettings;
import java.nio.channels.UnresolvedAddressException;

/** A listener's address cannot be bound. The message names the listener, the address and the cause. */
public final class ListenerException extends RuntimeException {
    ListenerException(ListenerSettings listener, Throwable failure) {
        super(
                "listener " + listener.name() + " cannot bind " + listener.host() + ":" + listener.port() + ": "
                        + reason(listener.host(), failure),
                failure);
    }

    private static String reason(String host, Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof UnresolvedAddressException
                ? "the host " + host + " cannot be resolved to an address"
                : String.valueOf(root.getMessage());
    }
}
