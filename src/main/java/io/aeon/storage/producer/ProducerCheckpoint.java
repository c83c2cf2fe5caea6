package io.aeon.storage.producer;

import io.aeon.storage.producer.AbortedTransactions.TransactionChecksum;
import java.util.Map;

/**
 * What the next start may believe of a log's producer files.
 *
 * @param snapshotOffset the snapshot to start from, the log start if there is none of that offset, {@link #NO_SNAPSHOT} if
 *     the log knows no producer
 * @param indexes the .txnindex files by the base offsets of their segments; other segments have none
 */
public record ProducerCheckpoint(long snapshotOffset, Map<Long, TransactionChecksum> indexes) {
    /** In place of an offset: the log knows no producer. */
    public static final long NO_SNAPSHOT = -1;
}
