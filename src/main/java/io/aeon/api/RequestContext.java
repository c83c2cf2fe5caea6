package io.aeon.api;

import java.net.InetSocketAddress;

/**
 * What a handler may know of where a request came from.
 *
 * @param version version of the request's API
 * @param correlationId the client's number for it
 * @param clientId the client's name for itself, empty if it gave none
 * @param software name and version of the client's library, "unknown" before ApiVersions v3
 * @param listener name of the listener it came in by
 * @param advertised host and port this client shall be told to connect to
 * @param remote the client's address
 */
public record RequestContext(
        short version,
        int correlationId,
        String clientId,
        String software,
        String listener,
        InetSocketAddress advertised,
        InetSocketAddress remote) {}
