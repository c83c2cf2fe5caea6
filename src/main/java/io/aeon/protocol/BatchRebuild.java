package io.aeon.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** Writes records into a new batch that has the header of another batch. One thread. */
final class BatchRebuild implements AutoCloseable {
    private static final int LENGTH = 8;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int BASE_TIMESTAMP = 27;
    private static final int MAX_TIMESTAMP = 35;
    private static final int CODEC = 0x07;
    private static final int LOG_APPEND_TIME = 0x08;
    private static final int DELETE_HORIZON = 0x40;
    private static final int HEADER = DefaultRecordBatch.RECORD_BATCH_OVERHEAD;

    private final ByteBuffer header;
    private final CompressionType codec;
    private final BoundedOutput out;
    private final OutputStream records;

    /**
     * @param source the batch that gives the header, between position and limit
     * @param maxBytes bytes of the new batch at most
     * @param tooLarge creates what is thrown if the new batch would become larger
     * @throws org.apache.kafka.common.errors.KafkaStorageException the library for {@code target} cannot be loaded
     */
    BatchRebuild(ByteBuffer source, Compression target, int maxBytes, TooLarge tooLarge) {
        CodecLibraries.require(target.type());
        header = source;
        codec = target.type();
        out = new BoundedOutput(Math.min(source.remaining(), maxBytes) + HEADER, maxBytes, tooLarge);
        out.position(HEADER);
        records = target.wrapForOutput(out, RecordBatch.MAGIC_VALUE_V2);
    }

    /** Creates the error for a batch that becomes too large. */
    interface TooLarge {
        RuntimeException error();
    }

    /** Takes the bytes of the records, as they are in a batch that is not compressed. */
    OutputStream records() {
        return records;
    }

    /**
     * Ends the records and returns the batch.
     *
     * @param change changes fields of the header before its CRC is computed
     */
    ByteBuffer finish(Consumer<ByteBuffer> change) throws IOException {
        records.close();
        ByteBuffer batch = out.buffer().flip();
        batch.put(0, header, header.position(), HEADER);
        batch.putInt(LENGTH, batch.limit() - Records.LOG_OVERHEAD);
        batch.putShort(ATTRIBUTES, (short) ((batch.getShort(ATTRIBUTES) & ~CODEC) | codec.id));
        change.accept(batch);
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(ATTRIBUTES));
        return batch.putInt(CRC, (int) crc.getValue());
    }

    /** Sets whose timestamps a produced batch has, and the largest. */
    static void setTimestamps(ByteBuffer batch, boolean logAppendTime, long maxTimestamp) {
        int producers = batch.getShort(ATTRIBUTES) & ~(LOG_APPEND_TIME | DELETE_HORIZON);
        batch.putShort(ATTRIBUTES, (short) (logAppendTime ? producers | LOG_APPEND_TIME : producers));
        batch.putLong(MAX_TIMESTAMP, maxTimestamp);
    }

    /** Sets the base timestamp of a compacted batch to its delete horizon (KIP-534). */
    static void setDeleteHorizon(ByteBuffer batch, long deleteHorizonMs) {
        batch.putShort(ATTRIBUTES, (short) (batch.getShort(ATTRIBUTES) | DELETE_HORIZON));
        batch.putLong(BASE_TIMESTAMP, deleteHorizonMs);
    }

    /** Releases the codec's memory, also that of an unfinished batch. */
    @Override
    public void close() throws IOException {
        out.discard();
        records.close();
    }

    /** A growing buffer with a limit. */
    private static final class BoundedOutput extends ByteBufferOutputStream {
        private final int maxBytes;
        private final TooLarge tooLarge;
        private boolean discarding;

        BoundedOutput(int capacity, int maxBytes, TooLarge tooLarge) {
            super(capacity);
            this.maxBytes = maxBytes;
            this.tooLarge = tooLarge;
        }

        @Override
        public void write(int b) {
            if (hasRoom(1)) {
                super.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int off, int len) {
            if (hasRoom(len)) {
                super.write(bytes, off, len);
            }
        }

        @Override
        public void write(ByteBuffer source) {
            if (hasRoom(source.remaining())) {
                super.write(source);
            }
        }

        void discard() {
            discarding = true;
        }

        /** The buffer doubles: by itself it grows by a tenth, and copies a batch that becomes much larger ten times. */
        private boolean hasRoom(int more) {
            if (discarding) {
                return false;
            }
            int most = maxBytes - position();
            if (more > most) {
                throw tooLarge.error();
            }
            if (more > remaining()) {
                ensureRemaining(Math.max(more, Math.min(position(), most)));
            }
            return true;
        }
    }
}
