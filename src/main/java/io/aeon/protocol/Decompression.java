package io.aeon.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens the records of a v2 batch, compressed or not, for a {@link RecordCursor}. The memory does not depend on the
 * size of the records. Thread-safe.
 */
final class Decompression {
    private Decompression() {}

    /** Reads records; what it throws is the result of the walk. */
    interface Walk<T> {
        T over(RecordCursor records) throws IOException;
    }

    /**
     * Runs {@code walk} over the batch's records.
     *
     * @param bytes the whole batch, in a heap buffer
     * @param allowance for the decompressed bytes; records that are not compressed need none
     * @throws Allowance.UsedUp the allowance is used up and the work can continue elsewhere
     * @throws ApiException the records are invalid
     */
    static <T> T walk(RecordBatch batch, ByteBuffer bytes, Allowance allowance, Walk<T> walk) {
        return walk(batch, bytes, allowance, null, walk);
    }

    /** As above, and also writes to {@code copy} the bytes of the records, as far as {@code walk} reads them. */
    static <T> T walk(
            RecordBatch batch, ByteBuffer bytes, Allowance allowance, @Nullable OutputStream copy, Walk<T> walk) {
        ByteBuffer records = recordsOf(bytes);
        CompressionType codec = batch.compressionType();
        if (codec != CompressionType.NONE) {
            CodecLibraries.require(codec);
            allowance.begin(batch.sizeInBytes());
        }
        CodecMemory memory = CodecMemory.of(codec, records, allowance);
        try {
            return codec == CompressionType.NONE
                    ? walk.over(inPlace(records, copy))
                    : inflate(codec, records, stream -> walk.over(RecordCursor.over(stream, allowance, copy)));
        } catch (ApiException | Allowance.UsedUp | LinkageError e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            throw refusal(e);
        } finally {
            memory.release();
        }
    }

    /** Reads decompressed bytes. */
    interface Inflated<T> {
        T read(InputStream stream) throws IOException;
    }

    static <T> T inflate(CompressionType codec, ByteBuffer records, Inflated<T> reader) throws IOException {
        BufferSupplier buffers = CodecBuffers.take();
        try (InputStream stream =
                Compression.of(codec).build().wrapForInput(records, RecordBatch.MAGIC_VALUE_V2, buffers)) {
            return reader.read(stream);
        } finally {
            CodecBuffers.giveBack(buffers);
        }
    }

    /**
     * Snappy-java reports invalid bytes by its own subclass of Error, and the JDK reads a gzip stream of many empty
     * members by recursion.
     */
    static CorruptRecordException refusal(Throwable cause) {
        if (cause instanceof VirtualMachineError fatal && !(cause instanceof StackOverflowError)) {
            throw fatal;
        }
        return new CorruptRecordException("The records cannot be decompressed.", cause);
    }

    private static RecordCursor inPlace(ByteBuffer records, @Nullable OutputStream copy) throws IOException {
        int from = records.arrayOffset() + records.position();
        if (copy != null) {
            copy.write(records.array(), from, records.remaining());
        }
        return RecordCursor.over(records.array(), from, from + records.remaining());
    }

    private static ByteBuffer recordsOf(ByteBuffer bytes) {
        ByteBuffer records = bytes.duplicate();
        return records.position(records.position() + DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
    }
}
