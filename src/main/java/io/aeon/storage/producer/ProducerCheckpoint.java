package io.aeon.storage.producer;

import io.aeon.storage.producer.AbortedTransactions.TransactionChecksum;
import java.util.Map;

/**
 * The producer files of a log on which the next start may rely.
 *
 * @param snapshotOffset offset of the snapshot to start from; the log start offset if there is no such snapshot;
 *     {@link #NO_SNAPSHOT} if the log has no producer
 * @param indexes the .txnindex files, with the base offsets of their segments as keys; other segments have no such file
 */
public record ProducerCheckpoint(long snapshotOffset, Map<Long, TransactionChecksum> indexes) {
    /** Used instead of an offset: the log has no producer. */
    public static final long NO_SNAPSHOT = -1;
}
