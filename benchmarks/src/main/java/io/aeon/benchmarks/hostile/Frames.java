package io.aeon.benchmarks.hostile;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;

/** Whole request frames, made once and sent as often as wanted. */
final class Frames {
    private Frames() {}

    static ByteBuffer of(ApiKeys api, int version, ApiMessage body) {
        return of(
                api,
                version,
                MessageUtil.toByteBufferAccessor(body, (short) version).buffer());
    }

    /** With a body that no client library writes. */
    static ByteBuffer of(ApiKeys api, int version, ByteBuffer body) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion((short) version)
                .setCorrelationId(1)
                .setClientId("hostile");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion((short) version))
                .buffer();
        int size = head.remaining() + body.remaining();
        return ByteBuffer.allocate(Integer.BYTES + size)
                .putInt(size)
                .put(head)
                .put(body)
                .flip();
    }
}
