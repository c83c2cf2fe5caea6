package io.aeon.storage.producer;

import io.aeon.storage.batch.BatchHeader;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the producer fields of a v2 batch in a big-endian buffer. */
public final class ProducerHeader {
    private static final short ABORT = 0;
    private static final short COMMIT = 1;

    private ProducerHeader() {}

    /** Whether the batch has a producer id. */
    public static boolean isPresent(ByteBuffer buffer, int at) {
        return BatchHeader.producerId(buffer, at) >= 0;
    }

    /** The producer fields of a batch that has a producer id. */
    public static ProducerBatch of(ByteBuffer buffer, int at) {
        return new ProducerBatch(
                BatchHeader.producerId(buffer, at),
                BatchHeader.producerEpoch(buffer, at),
                BatchHeader.baseSequence(buffer, at),
                BatchHeader.lastOffsetDelta(buffer, at),
                BatchHeader.lastOffset(buffer, at),
                BatchHeader.maxTimestamp(buffer, at),
                BatchHeader.isTransactional(buffer, at));
    }

    /** The marker in a control batch; null if there is none, for example after compaction has removed it. */
    public static @Nullable EndMarker marker(ByteBuffer buffer, int at) {
        ByteBuffer record = buffer.duplicate();
        try {
            record.position(at + BatchHeader.BYTES);
            skipVarint(record);
            record.get();
            skipVarint(record);
            skipVarint(record);
            skipVarint(record);
            record.getShort();
            short type = record.getShort();
            skipVarint(record);
            record.getShort();
            int coordinatorEpoch = record.getInt();
            if (type != ABORT && type != COMMIT) {
                return null;
            }
            return new EndMarker(
                    BatchHeader.producerId(buffer, at),
                    BatchHeader.producerEpoch(buffer, at),
                    coordinatorEpoch,
                    type == ABORT,
                    BatchHeader.baseOffset(buffer, at),
                    BatchHeader.maxTimestamp(buffer, at));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return null;
        }
    }

    private static void skipVarint(ByteBuffer from) {
        byte next;
        do {
            next = from.get();
        } while (next < 0);
    }
}
