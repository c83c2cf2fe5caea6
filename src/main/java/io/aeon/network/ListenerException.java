package io.aeon.network;

import io.aeon.config.ListenerSettings;

/** A listener's address cannot be had; the message says which and why. */
public final class ListenerException extends RuntimeException {
    ListenerException(ListenerSettings listener, Throwable failure) {
        super(
                "listener " + listener.name() + " cannot bind " + listener.host() + ":" + listener.port() + ": "
                        + reason(failure),
                failure);
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
