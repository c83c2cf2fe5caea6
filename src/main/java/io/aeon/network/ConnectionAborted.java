package io.aeon.network;

/** Ends a connection's stream at once. The cause has been logged where it was found. */
final class ConnectionAborted extends RuntimeException {

    ConnectionAborted() {
        super("connection aborted", null, false, false);
    }
}
