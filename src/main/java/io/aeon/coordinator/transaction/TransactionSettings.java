package io.aeon.coordinator.transaction;

/**
 * The limits of a transactional id.
 *
 * @param maxTimeoutMs transaction.max.timeout.ms
 * @param idExpirationMs transactional.id.expiration.ms
 * @param patienceMs maximum milliseconds for which a request waits for the markers of the previous transaction
 */
public record TransactionSettings(int maxTimeoutMs, long idExpirationMs, long patienceMs) {}
