package io.aeon.api;

/**
 * What a handler may know of where a request came from.
 *
 * @param version version of the request's API
 * @param correlationId the client's number for it
 * @param clientId the client's name for itself, empty if it gave none
 * @param connection the connection it came in by
 */
public record RequestContext(short version, int correlationId, String clientId, ClientConnection connection) {}
