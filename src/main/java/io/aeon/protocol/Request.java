package io.aeon.protocol;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One decoded request. Record batches in the body are slices of the frame it was decoded from.
 *
 * @param version the version asked for; for ApiVersions it may be one nobody knows, and then the body is empty
 * @param clientId the client's name for itself, empty if it gave none
 */
public record Request(ApiKeys api, short version, int correlationId, String clientId, ApiMessage body) {
    /** The same request with an empty body: what it takes to encode its reply. */
    public Request withoutBody() {
        return new Request(api, version, correlationId, clientId, api.messageType.newRequest());
    }
}
