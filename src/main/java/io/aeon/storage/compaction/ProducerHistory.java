package io.aeon.storage.compaction;

import io.aeon.storage.producer.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.List;

/** The producer state of one log. */
public interface ProducerHistory {
    /** The aborted transactions with a record or their marker in this offset range. */
    List<AbortedTransaction> aborted(long from, long to);

    /**
     * Whether the batch carries the last state of a producer that may continue: its last data batch, or the marker with
     * its epoch if it has no data.
     */
    boolean isNewest(ByteBuffer batch);
}
