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
 * Tracks the transactions of a log, batch by batch in offset order, and finds the records of aborted transactions.
 */
final class TransactionFilter {
    private final PriorityQueue<AbortedTransaction> ahead =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    private final Map<Long, AbortedTransaction> aborting = new HashMap<>();

    /** @param aborted the aborted transactions of the whole log that is read */
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

    /** Records a control batch, which ends its producer's transaction. */
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
