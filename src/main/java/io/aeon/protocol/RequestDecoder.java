package io.aeon.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/**
 * Decodes a frame into a request with kafka-clients' generated classes, in two steps: the memory that the body takes is
 * known before it is decoded. Bytes after the body are ignored, as in Kafka. Thread-safe.
 */
public final class RequestDecoder {
    private final SupportedApis supported;
    private final long mostHeap;

    /** @param mostHeap bytes that one request may take with its frame and its decoded form */
    public RequestDecoder(SupportedApis supported, long mostHeap) {
        this.supported = supported;
        this.mostHeap = mostHeap;
    }

    /**
     * Decodes the header and checks the body.
     *
     * @param frame a whole request without its length field; the request keeps the array
     * @throws MalformedRequestException the frame is not a request that this broker answers
     */
    public ScannedRequest scan(byte[] frame) {
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
        ByteBufferAccessor rest = new ByteBufferAccessor(buffer);
        RequestHeaderData header = header(rest, api, version);
        long heap = answerable ? heapBytes(api, version, rest.buffer(), mostHeap - frame.length) : 0;
        return new ScannedRequest(api, version, header, rest, answerable, heap);
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

    private static long heapBytes(ApiKeys api, short version, ByteBuffer body, long mostHeap) {
        try {
            return RequestScan.heapBytes(api, version, body, mostHeap);
        } catch (RuntimeException e) {
            throw MalformedRequestException.body(api, version, e);
        }
    }
}
