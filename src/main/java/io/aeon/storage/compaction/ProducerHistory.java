package io.aeon.storage.compaction;

import io.aeon.storage.producer.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.List;

/** What the producers of one log have done. */
public interface ProducerHistory {
    /** The aborted transactions that have a record or their marker in this range of offsets. */
    List<AbortedTransaction> aborted(long from, long to);

    /**
     * Whether a batch is what the log tells of where its producer, which may go on, has come to: its last data, or the
     * marker with its epoch if there is no data.
     */
    boolean isNewest(ByteBuffer batch);
}
