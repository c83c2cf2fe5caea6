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
 * Looks into stored v2 batches record by record and takes records out of them. A batch lies between position and limit of
 * a heap buffer and is not changed. One thread: the room for decompressed records is kept.
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

    /** Asked about one record. */
    public interface RecordTest {
        /**
         * @param bytes holds the key; valid during the call only
         * @param keySize negative for a record without a key
         * @param hasValue false for a tombstone
         */
        boolean test(long offset, byte[] bytes, int keyFrom, int keySize, boolean hasValue);
    }

    /** Whether {@code test} holds for every record; they are shown in order, none after the first that fails. */
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
     * The batch with the records that {@code test} holds for; all else stays as it is.
     *
     * @param deleteHorizonMs stamped into the batch (KIP-534) if it has no such time yet and a tombstone stays in it
     * @return {@code batch} itself if nothing changes, null if no record stays
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

    /** @param shift what is added to the timestamps, which are relative to the batch's */
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
