package io.aeon.storage.batch;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The header of one batch in a log.
 *
 * @param position position of the batch in {@code file}
 * @param size bytes of the batch with its header
 * @param attributes Kafka's bits: codec, timestamp type, transactional, control
 * @param producerId -1 for a producer that is not idempotent
 */
public record BatchSummary(
        Path file,
        long position,
        long size,
        long baseOffset,
        long lastOffset,
        int count,
        int leaderEpoch,
        int attributes,
        long producerId,
        short producerEpoch,
        int baseSequence,
        long baseTimestamp,
        long maxTimestamp) {
    private static final int ATTRIBUTES = 21;
    private static final int BASE_TIMESTAMP = 27;
    private static final int PRODUCER_ID = 43;
    private static final int PRODUCER_EPOCH = 51;
    private static final int BASE_SEQUENCE = 53;
    private static final int COUNT = 57;

    /** @param header the first bytes of the batch, at least {@link BatchHeader#BYTES} */
    public static BatchSummary of(Path file, long position, ByteBuffer header) {
        return new BatchSummary(
                file,
                position,
                BatchHeader.sizeInBytes(header, 0),
                BatchHeader.baseOffset(header, 0),
                BatchHeader.lastOffset(header, 0),
                header.getInt(COUNT),
                BatchHeader.leaderEpoch(header, 0),
                header.getShort(ATTRIBUTES),
                header.getLong(PRODUCER_ID),
                header.getShort(PRODUCER_EPOCH),
                header.getInt(BASE_SEQUENCE),
                header.getLong(BASE_TIMESTAMP),
                BatchHeader.maxTimestamp(header, 0));
    }
}
