package io.aeon.storage.compaction;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Access to the records in v2 batches, which the storage package cannot decompress. One thread at a time. A batch is
 * between position and limit of a heap buffer, whole and with a valid CRC; no method changes it. Every method throws
 * {@link UnreadableBatchException} for a batch whose records cannot be read.
 */
public interface BatchContents {
    /**
     * Whether {@code test} holds for every record. The records are tested in offset order, up to the first one that
     * fails.
     */
    boolean allMatch(ByteBuffer batch, RecordCondition test);

    /**
     * A batch with only the records for which {@code kept} holds. Offsets, timestamps, codec and the producer fields of
     * the header do not change.
     *
     * @param deleteHorizonMs the time from which tombstones may be removed (KIP-534); it is set in the batch if the
     *     batch has no such time yet and a tombstone remains
     * @return {@code batch} itself if nothing changes, null if no record remains
     */
    @Nullable
    ByteBuffer retain(ByteBuffer batch, RecordCondition kept, long deleteHorizonMs);
}
