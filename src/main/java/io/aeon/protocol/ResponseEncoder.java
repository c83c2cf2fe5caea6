package io.aeon.protocol;

import io.aeon.protocol.ResponseFrame.Insertion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;

/**
 * Encodes a response into the frame that is sent, with kafka-clients' generated classes, in two steps: the size is
 * known before the bytes are made. Used once.
 */
public final class ResponseEncoder {
    private final short bodyVersion;
    private final short headerVersion;
    private final ResponseHeaderData header;
    private final ApiMessage body;
    private final ObjectSerializationCache cache = new ObjectSerializationCache();
    private final MessageSizeAccumulator size = new MessageSizeAccumulator();

    /**
     * @param version the request's version; an unknown version of ApiVersions is answered in version 0
     * @param body may hold {@link DeferredRecords}; its bytes in memory must not change any more
     */
    public ResponseEncoder(ApiKeys api, short version, int correlationId, ApiMessage body) {
        this.bodyVersion = api == ApiKeys.API_VERSIONS && !api.isVersionSupported(version) ? 0 : version;
        this.headerVersion = api.responseHeaderVersion(bodyVersion);
        this.header = new ResponseHeaderData().setCorrelationId(correlationId);
        this.body = body;
        header.addSize(size, cache, headerVersion);
        body.addSize(size, cache, bodyVersion);
    }

    /** Heap bytes of the frame: all bytes of the response except records that are read when they are sent. */
    public int fixedBytes() {
        return Integer.BYTES + size.sizeExcludingZeroCopy();
    }

    public ResponseFrame encode() {
        Target target = new Target(size);
        header.write(target, cache, headerVersion);
        body.write(target, cache, bodyVersion);
        return target.frame();
    }

    /**
     * Takes the fixed bytes and stores the positions of records and buffers, which kafka-clients counts as zero-copy.
     */
    private static final class Target extends ByteBufferAccessor {
        private final byte[] fixed;
        private List<Insertion> insertions = List.of();

        Target(MessageSizeAccumulator size) {
            this(new byte[Integer.BYTES + size.sizeExcludingZeroCopy()]);
            writeInt(size.totalSize());
        }

        private Target(byte[] fixed) {
            super(ByteBuffer.wrap(fixed));
            this.fixed = fixed;
        }

        @Override
        public void writeRecords(BaseRecords records) {
            if (records instanceof DeferredRecords deferred) {
                insert(deferred);
            } else {
                super.writeRecords(records);
            }
        }

        @Override
        public void writeByteBuffer(ByteBuffer source) {
            insert(new InMemory(source));
        }

        private void insert(DeferredRecords records) {
            if (insertions.isEmpty()) {
                insertions = new ArrayList<>();
            }
            if (records.sizeInBytes() > 0) {
                insertions.add(new Insertion(buffer().position(), records));
            }
        }

        ResponseFrame frame() {
            if (buffer().hasRemaining()) {
                throw new IllegalStateException("response is " + buffer().remaining() + " bytes short of its size");
            }
            return new ResponseFrame(fixed, insertions);
        }
    }

    private record InMemory(ByteBuffer bytes) implements DeferredRecords {
        @Override
        public int sizeInBytes() {
            return bytes.remaining();
        }

        @Override
        public void copyTo(int from, int length, byte[] target, int position) {
            bytes.get(bytes.position() + from, target, position, length);
        }

        @Override
        public int transferTo(int from, int length, WritableByteChannel socket) throws IOException {
            return socket.write(bytes.slice(bytes.position() + from, length));
        }
    }
}
