package io.aeon.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** Opens the records of a v2 batch, compressed or not, to a {@link RecordCursor}. Thread-safe. */
final class Decompression {
    /** A batch that decompresses to more is an attack. */
    static final long MAX_BYTES = 256L << 20;

    /** Decompressors' buffers, kept per thread as they are large. */
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
        ByteBuffer records = bytes.duplicate();
        records.position(records.position() + DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        if (!batch.isCompressed()) {
            int from = records.arrayOffset() + records.position();
            return walk.apply(RecordCursor.over(records.array(), from, from + records.remaining()));
        }
        if (batch.compressionType() == CompressionType.SNAPPY) {
            SnappyChunks.check(records);
        }
        try (InputStream stream =
                Compression.of(batch.compressionType()).build().wrapForInput(records, batch.magic(), buffers())) {
            return walk.apply(RecordCursor.over(stream, MAX_BYTES));
        } catch (ApiException | VirtualMachineError | LinkageError e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            // snappy-java reports bad bytes by an Error of its own
            throw new CorruptRecordException("The records cannot be decompressed.", e);
        }
    }
}
