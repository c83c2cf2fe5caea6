package io.aeon.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.record.internal.CompressionType;

/** A field of a request that is compressed as a whole, such as the metrics of a client (KIP-714). Thread-safe. */
public final class CompressedPayload {
    private static final List<Byte> CODECS = Stream.of(
                    CompressionType.ZSTD, CompressionType.LZ4, CompressionType.GZIP, CompressionType.SNAPPY)
            .map(codec -> codec.id)
            .toList();

    private CompressedPayload() {}

    /** The ids of all codecs, the one that compresses best first. */
    public static List<Byte> codecs() {
        return CODECS;
    }

    /** Whether this is the id of a codec, or of none: a payload need not be compressed. */
    public static boolean isKnown(byte codec) {
        return codec == CompressionType.NONE.id || CODECS.contains(codec);
    }

    /**
     * Decompresses a payload. It may wait for memory, so it runs on a thread that may block.
     *
     * @param codec a known id
     * @param payload in a heap buffer; its position stays
     * @param most bytes that the payload may have after decompression
     * @throws ApiException the payload cannot be decompressed or is too long
     */
    public static byte[] decompress(byte codec, ByteBuffer payload, int most) {
        CompressionType type = CompressionType.forId(codec);
        if (type == CompressionType.NONE) {
            int from = payload.arrayOffset() + payload.position();
            return Arrays.copyOfRange(payload.array(), from, from + payload.remaining());
        }
        CodecLibraries.require(type);
        CodecMemory memory = CodecMemory.of(type, payload, Allowance.ofBatch());
        try {
            return Decompression.inflate(type, payload.duplicate(), stream -> read(stream, most));
        } catch (ApiException e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            throw Decompression.refusal(e);
        } finally {
            memory.release();
        }
    }

    private static byte[] read(InputStream stream, int most) throws IOException {
        byte[] bytes = stream.readNBytes(most);
        if (stream.read() >= 0) {
            throw new InvalidRecordException("The payload has more than " + most + " bytes after decompression.");
        }
        return bytes;
    }
}
