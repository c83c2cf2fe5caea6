package io.aeon.storage.compaction;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The records inside v2 batches, which the storage room cannot decompress itself. One thread at a time. A batch lies
 * between position and limit of a heap buffer, whole and with the right CRC; neither method changes it. Both throw a
 * RuntimeException for a batch whose records make no sense.
 */
public interface BatchContents {
    /** Whether {@code test} holds for every record; they are shown in order, none after the first that fails. */
    boolean allMatch(ByteBuffer batch, RecordCondition test);

    /**
     * The batch with those of its records that {@code kept} holds for; offsets, timestamps, codec and all that the
     * header says of the producer stay.
     *
     * @param deleteHorizonMs the time after which tombstones may go (KIP-534): stamped into the batch if it has no such
     *     time yet and a tombstone stays in it
     * @return {@code batch} itself if nothing changes, null if no record stays
     */
    @Nullable
    ByteBuffer retain(ByteBuffer batch, RecordCondition kept, long deleteHorizonMs);
}
