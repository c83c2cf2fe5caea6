package io.aeon.coordinator.transaction;

import io.aeon.coordinator.HeapShare;

/**
 * The limits of a transactional id.
 *
 * @param maxTimeoutMs transaction.max.timeout.ms
 * @param idExpirationMs transactional.id.expiration.ms
 * @param patienceMs maximum milliseconds for which a request waits for the markers of the previous transaction
 * @param heap what all transactional ids together may take
 */
public record TransactionSettings(int maxTimeoutMs, long idExpirationMs, long patienceMs, HeapShare heap) {
    /** Settings without a limit for all transactional ids together. */
    public TransactionSettings(int maxTimeoutMs, long idExpirationMs, long patienceMs) {
        this(maxTimeoutMs, idExpirationMs, patienceMs, HeapShare.unlimited());
    }
}
