package io.aeon.api;

/**
 * What a handler may know about the origin of a request.
 *
 * @param version version of the request's API
 * @param correlationId the client's number for the request
 * @param clientId the client's name for itself, empty if it gave none
 * @param connection the connection on which the request arrived
 */
public record RequestContext(short version, int correlationId, String clientId, ClientConnection connection) {}
