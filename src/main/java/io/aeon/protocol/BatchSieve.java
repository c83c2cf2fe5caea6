package io.aeon.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Tests the records of stored v2 batches and removes records from them. A batch lies between the position and the limit
 * of a heap buffer and is not changed. For one thread, because the buffer for decompressed records is reused.
 */
public final class BatchSieve {
    private static final int FIRST_ROOM = 64 * 1024;
    private static final int LENGTH = 8;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int BASE_TIMESTAMP = 27;
    private static final int MAX_TIMESTAMP = 35;
    private static final int RECORD_COUNT = 57;
    private static final int DELETE_HORIZON = 0x40;

    private byte[] room = new byte[FIRST_ROOM];
    private final BitSet kept = new BitSet();

    /** A test of one record. */
    public interface RecordTest {
        /**
         * @param bytes holds the key; valid during the call only
         * @param keySize negative for a record without a key
         * @param hasValue false for a tombstone
         */
        boolean test(long offset, byte[] bytes, int keyFrom, int keySize, boolean hasValue);
    }

    /** Whether {@code test} holds for every record. Records are tested in offset order, up to the first that fails. */
    public boolean allMatch(ByteBuffer batch, RecordTest test) {
        DefaultRecordBatch header = header(batch);
        int count = header.countOrNull();
        if (count == 0) {
            return true;
        }
        RecordCursor cursor = records(header, batch);
        for (int i = 0; i < count; i++) {
            if (!holds(test, header, cursor)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The batch with only the records for which {@code test} holds; everything else is unchanged.
     *
     * @param deleteHorizonMs set in the batch (KIP-534) if a tombstone remains and no delete horizon is set yet
     * @return {@code batch} itself if nothing changes, null if no record remains
     */
    public @Nullable ByteBuffer retain(ByteBuffer batch, RecordTest test, long deleteHorizonMs) {
        DefaultRecordBatch header = header(batch);
        int count = header.countOrNull();
        if (count == 0) {
            return null;
        }
        RecordCursor cursor = records(header, batch);
        kept.clear();
        boolean tombstones = false;
        long maxTimestamp = RecordBatch.NO_TIMESTAMP;
        for (int i = 0; i < count; i++) {
            if (holds(test, header, cursor)) {
                kept.set(i);
                tombstones |= !cursor.hasValue();
                maxTimestamp = Math.max(maxTimestamp, header.baseTimestamp() + cursor.timestampDelta());
            }
        }
        boolean stamp = tombstones && header.deleteHorizonMs().isEmpty();
        if (kept.isEmpty()) {
            return null;
        }
        if (kept.cardinality() == count && !stamp) {
            return batch;
        }
        boolean ownTimes = header.timestampType() == TimestampType.CREATE_TIME;
        return rebuild(
                header,
                batch,
                cursor.again(),
                stamp ? deleteHorizonMs : header.baseTimestamp(),
                stamp,
                ownTimes ? maxTimestamp : header.maxTimestamp());
    }

    private static boolean holds(RecordTest test, DefaultRecordBatch header, RecordCursor cursor) {
        cursor.next();
        return test.test(
                header.baseOffset() + cursor.offsetDelta(),
                cursor.bytes(),
                (int) cursor.keyStart(),
                cursor.keySize(),
                cursor.hasValue());
    }

    private ByteBuffer rebuild(
            DefaultRecordBatch header,
            ByteBuffer batch,
            RecordCursor records,
            long baseTimestamp,
            boolean stamp,
            long maxTimestamp) {
        ByteBufferOutputStream out =
                new ByteBufferOutputStream(batch.remaining() + DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        out.position(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        try (OutputStream target =
                Compression.of(header.compressionType()).build().wrapForOutput(out, RecordBatch.MAGIC_VALUE_V2)) {
            copyKept(records, header.baseTimestamp() - baseTimestamp, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer rebuilt = out.buffer().flip();
        rebuilt.put(0, batch, batch.position(), DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        rebuilt.putInt(LENGTH, rebuilt.limit() - Records.LOG_OVERHEAD);
        if (stamp) {
            rebuilt.putShort(ATTRIBUTES, (short) (rebuilt.getShort(ATTRIBUTES) | DELETE_HORIZON));
        }
        rebuilt.putLong(BASE_TIMESTAMP, baseTimestamp);
        rebuilt.putLong(MAX_TIMESTAMP, maxTimestamp);
        rebuilt.putInt(RECORD_COUNT, kept.cardinality());
        CRC32C crc = new CRC32C();
        crc.update(rebuilt.duplicate().position(ATTRIBUTES));
        return rebuilt.putInt(CRC, (int) crc.getValue());
    }

    /** @param shift added to each timestamp delta, to make up for a new base timestamp */
    private void copyKept(RecordCursor cursor, long shift, OutputStream target) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(ByteUtils.sizeOfVarint(Integer.MIN_VALUE) + 1 + Long.BYTES + 2);
        for (int i = 0; i < kept.length(); i++) {
            cursor.next();
            int from = (int) cursor.recordStart();
            int to = (int) cursor.place();
            if (kept.get(i) && shift != 0) {
                int rest = (int) cursor.timestampEnd();
                long delta = cursor.timestampDelta() + shift;
                start.clear();
                ByteUtils.writeVarint(1 + ByteUtils.sizeOfVarlong(delta) + to - rest, start);
                start.put(cursor.bytes()[to - cursor.size()]);
                ByteUtils.writeVarlong(delta, start);
                target.write(start.array(), 0, start.position());
                from = rest;
            }
            if (kept.get(i)) {
                target.write(cursor.bytes(), from, to - from);
            }
        }
    }

    private RecordCursor records(DefaultRecordBatch header, ByteBuffer batch) {
        RecordCursor records = Decompression.whole(header, batch, room);
        if (header.isCompressed()) {
            room = records.bytes();
        }
        return records;
    }

    private static DefaultRecordBatch header(ByteBuffer batch) {
        for (MutableRecordBatch first : MemoryRecords.readableRecords(batch).batches()) {
            if (first instanceof DefaultRecordBatch header) {
                return header;
            }
        }
        throw new CorruptRecordException("There is no whole v2 batch.");
    }
}
