package io.aeon.protocol;

import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/** A request whose header is decoded and whose body is only checked, so that its memory can be claimed first. */
public final class ScannedRequest {
    private final ApiKeys api;
    private final short version;
    private final RequestHeaderData header;
    private final ByteBufferAccessor rest;
    private final boolean answerable;
    private final long heapBytes;

    /** @param rest the frame at the start of the body */
    ScannedRequest(
            ApiKeys api,
            short version,
            RequestHeaderData header,
            ByteBufferAccessor rest,
            boolean answerable,
            long heapBytes) {
        this.api = api;
        this.version = version;
        this.header = header;
        this.rest = rest;
        this.answerable = answerable;
        this.heapBytes = heapBytes;
    }

    public ApiKeys api() {
        return api;
    }

    public short version() {
        return version;
    }

    /**
     * Upper bound for the heap that the request takes besides its frame: for the decoded body, and for the work on each
     * element of its arrays.
     */
    public long heapBytes() {
        return heapBytes;
    }

    /**
     * Decodes the body. Called once.
     *
     * @throws MalformedRequestException the frame is not a request that this broker answers
     */
    public Request decode() {
        String clientId = header.clientId();
        return new Request(api, version, header.correlationId(), clientId == null ? "" : clientId, body());
    }

    private ApiMessage body() {
        if (!answerable) {
            return new ApiVersionsRequestData();
        }
        try {
            ApiMessage body = api.messageType.newRequest();
            body.read(rest, version);
            return body;
        } catch (RuntimeException e) {
            throw MalformedRequestException.body(api, version, e);
        }
    }
}
