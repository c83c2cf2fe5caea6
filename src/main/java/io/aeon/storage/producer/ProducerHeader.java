package io.aeon.storage.producer;

import io.aeon.storage.batch.BatchHeader;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a v2 batch in a big-endian buffer says of its producer. */
public final class ProducerHeader {
    private static final short ABORT = 0;
    private static final short COMMIT = 1;

    private ProducerHeader() {}

    /** Whether a producer with an id wrote the batch. */
    public static boolean isPresent(ByteBuffer buffer, int at) {
        return BatchHeader.producerId(buffer, at) >= 0;
    }

    /** Only for a batch of a producer with an id. */
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

    /** The marker in a control batch; null if it holds none, as one that compaction has emptied. */
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
