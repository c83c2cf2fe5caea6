package io.aeon.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.OptionalLong;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Tests the records of stored v2 batches and removes records from them, in memory that does not depend on what they
 * decompress to. A batch lies between the position and the limit of a heap buffer and is not changed. For one thread,
 * because its buffers are reused.
 */
public final class BatchSieve {
    private static final int MAX_TIMESTAMP = 35;
    private static final int RECORD_COUNT = 57;
    /** A batch can grow by larger timestamp deltas, and by a codec that is not as good as the producer's. */
    private static final long MOST_GROWTH = 4;

    private static final long SMALL = 64 << 10;

    private final BitSet kept = new BitSet();
    private final Room room = new Room();

    /** A test of one record. */
    public interface RecordTest {
        /**
         * @param bytes holds the key; valid during the call only
         * @param keySize negative for a record without a key
         * @param hasValue false for a tombstone
         */
        boolean test(long offset, byte[] bytes, int keyFrom, int keySize, boolean hasValue);
    }

    /**
     * Whether {@code test} holds for every record. Records are tested in offset order, up to the first that fails.
     *
     * @throws org.apache.kafka.common.errors.ApiException the records cannot be read, or are too large to be
     */
    public boolean allMatch(ByteBuffer batch, RecordTest test) {
        DefaultRecordBatch header = header(batch);
        int count = header.countOrNull();
        if (count == 0) {
            return true;
        }
        return Decompression.walk(header, batch, Allowance.ofBatch(), cursor -> {
            RecordCursor records = cursor.keepKeys();
            for (int i = 0; i < count; i++) {
                if (!holds(test, header, records)) {
                    return false;
                }
            }
            return true;
        });
    }

    /**
     * The batch with only the records for which {@code test} holds; everything else is unchanged.
     *
     * @param deleteHorizonMs set in the batch (KIP-534) if a tombstone remains and no delete horizon is set yet
     * @return {@code batch} itself if nothing changes, null if no record remains
     * @throws org.apache.kafka.common.errors.ApiException the records cannot be read, or are too large to be
     */
    public @Nullable ByteBuffer retain(ByteBuffer batch, RecordTest test, long deleteHorizonMs) {
        DefaultRecordBatch header = header(batch);
        int count = header.countOrNull();
        if (count == 0) {
            return null;
        }
        room.reset();
        @Nullable OutputStream copy = header.isCompressed() ? room : null;
        Rest rest =
                Decompression.walk(header, batch, Allowance.ofBatch(), copy, records -> rest(header, records, test));
        boolean stamp = rest.tombstones() && header.deleteHorizonMs().isEmpty();
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
                stamp ? OptionalLong.of(deleteHorizonMs) : OptionalLong.empty(),
                ownTimes ? rest.maxTimestamp() : header.maxTimestamp());
    }

    /** What is known about the kept records after all have been tested. */
    private record Rest(boolean tombstones, long maxTimestamp) {}

    private Rest rest(DefaultRecordBatch header, RecordCursor cursor, RecordTest test) {
        RecordCursor records = cursor.keepKeys();
        kept.clear();
        boolean tombstones = false;
        long maxTimestamp = RecordBatch.NO_TIMESTAMP;
        int count = header.countOrNull();
        for (int i = 0; i < count; i++) {
            if (holds(test, header, records)) {
                kept.set(i);
                tombstones |= !records.hasValue();
                maxTimestamp = Math.max(maxTimestamp, header.baseTimestamp() + records.timestampDelta());
            }
        }
        return new Rest(tombstones, maxTimestamp);
    }

    private static boolean holds(RecordTest test, DefaultRecordBatch header, RecordCursor records) {
        records.next();
        return test.test(
                header.baseOffset() + records.offsetDelta(),
                records.keyBytes(),
                records.keyFrom(),
                records.keySize(),
                records.hasValue());
    }

    private ByteBuffer rebuild(
            DefaultRecordBatch header, ByteBuffer batch, OptionalLong deleteHorizonMs, long maxTimestamp) {
        long shift = deleteHorizonMs.isPresent() ? header.baseTimestamp() - deleteHorizonMs.getAsLong() : 0;
        int most = (int) Math.min(SMALL + MOST_GROWTH * batch.remaining(), Integer.MAX_VALUE);
        Compression codec = Compression.of(header.compressionType()).build();
        try (BatchRebuild rebuild = new BatchRebuild(
                batch,
                codec,
                most,
                () -> new RecordTooLargeException(
                        "The batch would have more than " + most + " bytes after compaction."))) {
            int count = header.isCompressed() && room.holdsAll()
                    ? copyKept(room.records(), shift, rebuild)
                    : Decompression.walk(
                            header, batch, Allowance.ofBatch(), records -> copyKept(records, shift, rebuild));
            return rebuild.finish(rebuilt -> {
                deleteHorizonMs.ifPresent(horizon -> BatchRebuild.setDeleteHorizon(rebuilt, horizon));
                rebuilt.putLong(MAX_TIMESTAMP, maxTimestamp);
                rebuilt.putInt(RECORD_COUNT, count);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param shift added to each timestamp delta, to make up for a new base timestamp
     * @return number of records copied
     */
    private int copyKept(RecordCursor records, long shift, BatchRebuild rebuild) throws IOException {
        for (int i = 0; i < kept.length(); i++) {
            if (kept.get(i)) {
                records.copyNext(rebuild.records(), shift);
            } else {
                records.skipNext();
            }
        }
        return kept.cardinality();
    }

    /** The decompressed records of one batch if they are few bytes, so that they are not decompressed twice. */
    private static final class Room extends OutputStream {
        private static final int BYTES = 256 << 10;

        private final byte[] bytes = new byte[BYTES];
        private int size;
        private boolean overflowed;

        void reset() {
            size = 0;
            overflowed = false;
        }

        boolean holdsAll() {
            return !overflowed;
        }

        RecordCursor records() {
            return RecordCursor.over(bytes, 0, size);
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int from, int length) {
            overflowed |= length > BYTES - size;
            if (!overflowed) {
                System.arraycopy(source, from, bytes, size, length);
                size += length;
            }
        }
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
