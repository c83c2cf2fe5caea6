package io.aeon.storage.compaction;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.producer.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Follows the transactions of a log, batch by batch in the order of offsets, and says which records are of an aborted one.
 */
final class TransactionFilter {
    private final PriorityQueue<AbortedTransaction> ahead =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    private final Map<Long, AbortedTransaction> aborting = new HashMap<>();

    /** @param aborted those of the whole log that is going to be shown */
    TransactionFilter(List<AbortedTransaction> aborted) {
        ahead.addAll(aborted);
    }

    /** Whether this data batch belongs to an aborted transaction. */
    boolean isAborted(ByteBuffer batch) {
        int at = batch.position();
        catchUp(BatchHeader.lastOffset(batch, at));
        if (!BatchHeader.isTransactional(batch, at)) {
            return false;
        }
        return aborting.containsKey(BatchHeader.producerId(batch, at));
    }

    /** A control batch ends its producer's transaction. */
    void end(ByteBuffer control) {
        int at = control.position();
        catchUp(BatchHeader.lastOffset(control, at));
        aborting.remove(BatchHeader.producerId(control, at));
    }

    private void catchUp(long offset) {
        for (AbortedTransaction next = ahead.peek();
                next != null && next.firstOffset() <= offset;
                next = ahead.peek()) {
            aborting.putIfAbsent(next.producerId(), next);
            ahead.remove();
        }
    }
}
