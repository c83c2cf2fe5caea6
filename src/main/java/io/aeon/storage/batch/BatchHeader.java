package io.aeon.storage.batch;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Reads and changes the header of a v2 record batch in place, in a big-endian buffer. The base offset and the leader
 * epoch are outside the batch's CRC, so a broker sets them without a new CRC.
 */
public final class BatchHeader {
    /** Bytes of a header; no batch is shorter. */
    public static final int BYTES = 61;

    /** Bytes that {@link #sizeInBytes} needs at the start of a batch. */
    static final int LENGTH_END = 12;

    /** First byte that the CRC covers; the CRC covers all bytes from here to the end of the batch. */
    static final int CHECKED_FROM = 21;

    /** Bytes that contain the header and, for a control batch, the fields of its record that a log needs. */
    static final int PREFIX_BYTES = 128;

    private static final int LENGTH = 8;
    private static final int LEADER_EPOCH = 12;
    private static final int MAGIC = 16;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int BASE_TIMESTAMP = 27;
    private static final int MAX_TIMESTAMP = 35;
    private static final int PRODUCER_ID = 43;
    private static final int PRODUCER_EPOCH = 51;
    private static final int BASE_SEQUENCE = 53;
    private static final int RECORD_COUNT = 57;
    private static final byte V2 = 2;
    private static final int CODEC = 0x07;
    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;
    private static final int DELETE_HORIZON = 0x40;
    private static final long NO_TIMESTAMP = -1;
    private static final int NONE = -1;

    private BatchHeader() {}

    /** Offset of its first record. */
    public static long baseOffset(ByteBuffer buffer, int at) {
        return buffer.getLong(at);
    }

    /**
     * Bytes of the whole batch with its header, as the header claims, unchecked; a {@code long} so that no value
     * overflows.
     */
    public static long sizeInBytes(ByteBuffer buffer, int at) {
        return (long) LENGTH_END + buffer.getInt(at + LENGTH);
    }

    /** The leader epoch in which the batch was written. */
    public static int leaderEpoch(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LEADER_EPOCH);
    }

    /** Whether the magic is 2; the other methods are valid only for such a batch. */
    public static boolean isV2(ByteBuffer buffer, int at) {
        return buffer.get(at + MAGIC) == V2;
    }

    /** The CRC-32C in the header. */
    public static int crc(ByteBuffer buffer, int at) {
        return buffer.getInt(at + CRC);
    }

    /** The difference of the last offset and the base offset. */
    public static int lastOffsetDelta(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LAST_OFFSET_DELTA);
    }

    /** Offset of the last record of the batch, even if compaction has removed that record. */
    public static long lastOffset(ByteBuffer buffer, int at) {
        return baseOffset(buffer, at) + lastOffsetDelta(buffer, at);
    }

    /** Largest timestamp of the batch's records in milliseconds since the epoch, -1 if there is none. */
    public static long maxTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + MAX_TIMESTAMP);
    }

    /** Whether the batch's records belong to a transaction. */
    public static boolean isTransactional(ByteBuffer buffer, int at) {
        return (buffer.getShort(at + ATTRIBUTES) & TRANSACTIONAL) != 0;
    }

    /** Whether the batch's only record is a control record, such as the marker that ends a transaction. */
    public static boolean isControl(ByteBuffer buffer, int at) {
        return (buffer.getShort(at + ATTRIBUTES) & CONTROL) != 0;
    }

    /** The producer id, negative if there is none. */
    public static long producerId(ByteBuffer buffer, int at) {
        return buffer.getLong(at + PRODUCER_ID);
    }

    /** The producer epoch, -1 if there is none. */
    public static short producerEpoch(ByteBuffer buffer, int at) {
        return buffer.getShort(at + PRODUCER_EPOCH);
    }

    /** The sequence number of the first record, -1 if there is none. */
    public static int baseSequence(ByteBuffer buffer, int at) {
        return buffer.getInt(at + BASE_SEQUENCE);
    }

    /** Number of records; 0 for a batch of which compaction kept only the header. */
    public static int recordCount(ByteBuffer buffer, int at) {
        return buffer.getInt(at + RECORD_COUNT);
    }

    /**
     * The time from which compaction may remove the batch's tombstones or its marker (KIP-534), -1 if it is not set
     * yet.
     */
    public static long deleteHorizonMs(ByteBuffer buffer, int at) {
        return (buffer.getShort(at + ATTRIBUTES) & DELETE_HORIZON) != 0
                ? buffer.getLong(at + BASE_TIMESTAMP)
                : NO_TIMESTAMP;
    }

    /** A copy of the batch without records; it keeps the offsets, the producer and the sequence numbers. */
    public static ByteBuffer emptied(ByteBuffer buffer, int at) {
        ByteBuffer empty = ByteBuffer.allocate(BYTES).put(0, buffer, at, BYTES);
        empty.putInt(LENGTH, BYTES - LENGTH_END);
        empty.putShort(ATTRIBUTES, (short) (buffer.getShort(at + ATTRIBUTES) & ~(CODEC | DELETE_HORIZON)));
        empty.putLong(BASE_TIMESTAMP, NO_TIMESTAMP);
        empty.putInt(RECORD_COUNT, 0);
        return empty.putInt(CRC, computeCrc(empty, 0));
    }

    /** A batch without records and without a producer for these offsets. */
    public static ByteBuffer withoutRecords(long baseOffset, long lastOffset, int leaderEpoch) {
        ByteBuffer empty = ByteBuffer.allocate(BYTES);
        assign(empty, 0, baseOffset, leaderEpoch);
        empty.putInt(LENGTH, BYTES - LENGTH_END);
        empty.put(MAGIC, V2);
        empty.putInt(LAST_OFFSET_DELTA, Math.toIntExact(lastOffset - baseOffset));
        empty.putLong(BASE_TIMESTAMP, NO_TIMESTAMP);
        empty.putLong(MAX_TIMESTAMP, NO_TIMESTAMP);
        empty.putLong(PRODUCER_ID, NONE);
        empty.putShort(PRODUCER_EPOCH, (short) NONE);
        empty.putInt(BASE_SEQUENCE, NONE);
        return empty.putInt(CRC, computeCrc(empty, 0));
    }

    /** Computes the CRC of a whole batch in {@code buffer}, which must not be a memory map. */
    public static int computeCrc(ByteBuffer buffer, int at) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate()
                .limit(at + Math.toIntExact(sizeInBytes(buffer, at)))
                .position(at + CHECKED_FROM));
        return (int) crc.getValue();
    }

    /** Sets the base offset and the leader epoch; the CRC does not cover them. */
    public static void assign(ByteBuffer buffer, int at, long baseOffset, int leaderEpoch) {
        buffer.putLong(at, baseOffset);
        buffer.putInt(at + LEADER_EPOCH, leaderEpoch);
    }

    /** @throws IllegalArgumentException no v2 batch begins at {@code at} and ends within the buffer */
    public static void requireWhole(ByteBuffer buffer, int at) {
        int left = buffer.limit() - at;
        if (left < BYTES
                || !isV2(buffer, at)
                || sizeInBytes(buffer, at) < BYTES
                || sizeInBytes(buffer, at) > left
                || lastOffsetDelta(buffer, at) < 0) {
            throw new IllegalArgumentException("no whole v2 batch at " + at);
        }
    }
}
