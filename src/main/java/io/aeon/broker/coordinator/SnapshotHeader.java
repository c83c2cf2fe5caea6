package io.aeon.broker.coordinator;

import io.aeon.storage.file.Checksum;
import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The start of a snapshot's file, and the part of the log for which the snapshot stands.
 *
 * @param topicId the topic of the log
 * @param logStartOffset the log start offset when the snapshot was taken
 * @param endOffset the offset after the last record for which the snapshot stands
 * @param leaderEpoch the latest leader epoch of the log when the snapshot was taken
 * @param records number of records in the snapshot
 * @param bytes size of the batches that follow
 * @param checksum CRC-32C of these batches
 */
record SnapshotHeader(
        Uuid topicId, long logStartOffset, long endOffset, int leaderEpoch, int records, long bytes, int checksum) {
    /** Size in the file. */
    static final int SIZE = 64;

    /** "AEONSNP1" in ASCII; the last character is the version of the format. */
    private static final long MAGIC = 0x41454f4e534e5031L;

    ByteBuffer encode() {
        ByteBuffer header = ByteBuffer.allocate(SIZE)
                .putLong(MAGIC)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits())
                .putLong(logStartOffset)
                .putLong(endOffset)
                .putInt(leaderEpoch)
                .putInt(records)
                .putLong(bytes)
                .putInt(checksum);
        return header.putInt(Checksum.of(header.duplicate().flip())).flip();
    }

    /** The header in these bytes; null if they are no undamaged header. */
    static @Nullable SnapshotHeader decode(ByteBuffer header) {
        if (header.remaining() < SIZE
                || header.getLong(0) != MAGIC
                || header.getInt(SIZE - Integer.BYTES) != Checksum.of(header.slice(0, SIZE - Integer.BYTES))) {
            return null;
        }
        ByteBuffer from = header.slice(Long.BYTES, SIZE - Long.BYTES);
        return new SnapshotHeader(
                new Uuid(from.getLong(), from.getLong()),
                from.getLong(),
                from.getLong(),
                from.getInt(),
                from.getInt(),
                from.getLong(),
                from.getInt());
    }
}
