package io.aeon.protocol;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One decoded request. Record batches in the body are slices of the frame.
 *
 * @param version the requested version; for ApiVersions it may be unknown, and then the body is empty
 * @param clientId the client's name for itself, empty if it gave none
 */
public record Request(ApiKeys api, short version, int correlationId, String clientId, ApiMessage body) {
    /** The same request with an empty body; this is enough to encode its reply. */
    public Request withoutBody() {
        return new Request(api, version, correlationId, clientId, api.messageType.newRequest());
    }
}
