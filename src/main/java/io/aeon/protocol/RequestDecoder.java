package io.aeon.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/**
 * Decodes a frame into a request with kafka-clients' generated classes. Bytes after the body are ignored, as in Kafka.
 * Thread-safe.
 */
public final class RequestDecoder {
    private final SupportedApis supported;

    public RequestDecoder(SupportedApis supported) {
        this.supported = supported;
    }

    /**
     * @param frame a whole request without its length field; the request keeps the array
     * @throws MalformedRequestException the frame is not a request that this broker answers
     */
    public Request decode(byte[] frame) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        if (frame.length < 2 * Short.BYTES) {
            throw new MalformedRequestException("a frame of " + frame.length + " bytes has no header");
        }
        short key = buffer.getShort(0);
        short version = buffer.getShort(Short.BYTES);
        ApiKeys api = apiKey(key, version);
        boolean answerable = supported.supports(api, version);
        if (!answerable && api != ApiKeys.API_VERSIONS) {
            throw new MalformedRequestException(api.name + " version " + version + " is not supported");
        }
        ByteBufferAccessor readable = new ByteBufferAccessor(buffer);
        RequestHeaderData header = header(readable, api, version);
        ApiMessage body = answerable ? body(readable, api, version) : new ApiVersionsRequestData();
        String clientId = header.clientId();
        return new Request(api, version, header.correlationId(), clientId == null ? "" : clientId, body);
    }

    private static ApiKeys apiKey(short key, short version) {
        if (!ApiKeys.hasId(key)) {
            throw new MalformedRequestException("unknown API key " + key + " (version " + version + ")");
        }
        return ApiKeys.forId(key);
    }

    private static RequestHeaderData header(ByteBufferAccessor readable, ApiKeys api, short version) {
        try {
            return new RequestHeaderData(readable, api.requestHeaderVersion(version));
        } catch (RuntimeException e) {
            throw new MalformedRequestException(
                    "the header of " + api.name + " version " + version + " cannot be decoded: " + e);
        }
    }

    private static ApiMessage body(ByteBufferAccessor readable, ApiKeys api, short version) {
        try {
            RequestScan.check(api, version, readable.buffer());
            ApiMessage body = api.messageType.newRequest();
            body.read(readable, version);
            return body;
        } catch (RuntimeException e) {
            String reason = e instanceof MalformedRequestException ? e.getMessage() : e.toString();
            throw new MalformedRequestException(
                    "the body of " + api.name + " version " + version + " cannot be decoded: " + reason);
        }
    }
}
