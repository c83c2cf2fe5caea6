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
 * @param takenMs wall-clock time before the log was read for the snapshot, in milliseconds since 1970
 * @param records number of records in the snapshot
 * @param bytes size of the batches that follow
 * @param checksum CRC-32C of these batches
 */
record SnapshotHeader(
        Uuid topicId,
        long logStartOffset,
        long endOffset,
        int leaderEpoch,
        long takenMs,
        int records,
        long bytes,
        int checksum) {
    /** Size in the file. */
    static final int SIZE = 72;

    /** "AEONSNP2" in ASCII; the last character is the version of the format. Version 1 had no time. */
    private static final long MAGIC = 0x41454f4e534e5032L;

    ByteBuffer encode() {
        ByteBuffer header = ByteBuffer.allocate(SIZE)
                .putLong(MAGIC)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits())
                .putLong(logStartOffset)
                .putLong(endOffset)
                .putInt(leaderEpoch)
                .putLong(takenMs)
                .putInt(records)
                .putLong(bytes)
                .putInt(checksum);
        return header.putInt(Checksum.of(header.duplicate().flip())).flip();
    }

    /** The header in these bytes; null if they are no undamaged header of this version. */
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
                from.getLong(),
                from.getInt(),
                from.getLong(),
                from.getInt());
    }
}
