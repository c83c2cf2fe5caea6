package io.aeon.coordinator.transaction;

import io.aeon.coordinator.HeapShare;
import java.util.function.Supplier;

/**
 * The limits of a transactional id.
 *
 * @param maxTimeoutMs transaction.max.timeout.ms
 * @param idExpirationMs transactional.id.expiration.ms
 * @param patienceMs maximum milliseconds for which a request waits for the markers of the previous transaction
 * @param heap what all transactional ids together may take
 * @param version the level of transaction.version that is in force now; it can change at any time
 */
public record TransactionSettings(
        int maxTimeoutMs, long idExpirationMs, long patienceMs, HeapShare heap, Supplier<Short> version) {
    /** Settings without a limit for all transactional ids together, with an epoch for each transaction (KIP-890). */
    public TransactionSettings(int maxTimeoutMs, long idExpirationMs, long patienceMs) {
        this(
                maxTimeoutMs,
                idExpirationMs,
                patienceMs,
                HeapShare.unlimited(),
                () -> TransactionMetadata.EPOCH_PER_TRANSACTION);
    }
}
