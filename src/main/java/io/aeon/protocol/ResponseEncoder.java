package io.aeon.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;

/** Turns a response into a frame, length included, in one array of exactly its size. */
public final class ResponseEncoder {
    private ResponseEncoder() {}

    /**
     * @param version the request's version; an ApiVersions nobody knows is answered in version 0
     * @param body may hold {@link DeferredRecords}, which are copied in place
     */
    public static byte[] encode(ApiKeys api, short version, int correlationId, ApiMessage body) {
        short bodyVersion = api == ApiKeys.API_VERSIONS && !api.isVersionSupported(version) ? 0 : version;
        short headerVersion = api.responseHeaderVersion(bodyVersion);
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        body.addSize(size, cache, bodyVersion);
        Frame frame = new Frame(new byte[Math.addExact(Integer.BYTES, size.totalSize())]);
        frame.writeInt(size.totalSize());
        header.write(frame, cache, headerVersion);
        body.write(frame, cache, bodyVersion);
        return frame.bytes();
    }

    private static final class Frame extends ByteBufferAccessor {
        private final byte[] target;

        Frame(byte[] target) {
            super(ByteBuffer.wrap(target));
            this.target = target;
        }

        @Override
        public void writeRecords(BaseRecords records) {
            if (records instanceof DeferredRecords deferred) {
                ByteBuffer buffer = buffer();
                deferred.copyTo(target, buffer.position());
                buffer.position(buffer.position() + deferred.sizeInBytes());
            } else {
                super.writeRecords(records);
            }
        }

        byte[] bytes() {
            if (buffer().hasRemaining()) {
                throw new IllegalStateException("response is " + buffer().remaining() + " bytes short of its size");
            }
            return target;
        }
    }
}
