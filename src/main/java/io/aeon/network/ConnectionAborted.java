package io.aeon.network;

/** Ends a connection's stream without waiting for anything. What there is to say was logged where it was found. */
final class ConnectionAborted extends RuntimeException {

    ConnectionAborted() {
        super("connection aborted", null, false, false);
    }
}
