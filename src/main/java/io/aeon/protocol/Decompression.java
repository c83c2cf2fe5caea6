package io.aeon.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** Opens the records of a v2 batch, compressed or not, for a {@link RecordCursor}. Thread-safe. */
final class Decompression {
    /** A batch that decompresses to more bytes is refused as an attack. */
    static final long MAX_BYTES = 256L << 20;

    /** The decompressors' buffers; kept per thread because they are large. */
    private static final ThreadLocal<BufferSupplier> BUFFERS = ThreadLocal.withInitial(BufferSupplier::create);

    private Decompression() {}

    static BufferSupplier buffers() {
        return BUFFERS.get();
    }

    /**
     * Runs {@code walk} over the batch's records.
     *
     * @param bytes the whole batch
     */
    static <T> T walk(RecordBatch batch, ByteBuffer bytes, Function<RecordCursor, T> walk) {
        ByteBuffer records = recordsOf(bytes);
        if (!batch.isCompressed()) {
            return walk.apply(inPlace(records));
        }
        return inflate(batch, records, stream -> walk.apply(RecordCursor.over(stream, MAX_BYTES)));
    }

    /**
     * All records of the batch in one array, so that they can be read several times.
     *
     * @param bytes the whole batch; records that are not compressed stay in it
     * @param room the array for decompressed records, if they fit
     */
    static RecordCursor whole(RecordBatch batch, ByteBuffer bytes, byte[] room) {
        return batch.isCompressed()
                ? inflate(batch, recordsOf(bytes), stream -> readAll(stream, room))
                : inPlace(recordsOf(bytes));
    }

    private static RecordCursor inPlace(ByteBuffer records) {
        int from = records.arrayOffset() + records.position();
        return RecordCursor.over(records.array(), from, from + records.remaining());
    }

    private static ByteBuffer recordsOf(ByteBuffer bytes) {
        ByteBuffer records = bytes.duplicate();
        return records.position(records.position() + DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
    }

    private static RecordCursor readAll(InputStream stream, byte[] room) throws IOException {
        byte[] target = room;
        int size = 0;
        while (true) {
            int read = stream.read(target, size, target.length - size);
            if (read < 0) {
                return RecordCursor.over(target, 0, size);
            }
            size += read;
            if (size == target.length) {
                if (size >= MAX_BYTES) {
                    throw new CorruptRecordException("The batch decompresses to more than " + MAX_BYTES + " bytes.");
                }
                target = Arrays.copyOf(target, 2 * size);
            }
        }
    }

    private interface Inflated<T> {
        T read(InputStream stream) throws IOException;
    }

    private static <T> T inflate(RecordBatch batch, ByteBuffer records, Inflated<T> reader) {
        CodecLibraries.require(batch.compressionType());
        if (batch.compressionType() == CompressionType.SNAPPY) {
            SnappyChunks.check(records);
        }
        try (InputStream stream =
                Compression.of(batch.compressionType()).build().wrapForInput(records, batch.magic(), buffers())) {
            return reader.read(stream);
        } catch (ApiException | VirtualMachineError | LinkageError e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            // snappy-java reports invalid bytes by its own subclass of Error
            throw new CorruptRecordException("The records cannot be decompressed.", e);
        }
    }
}
