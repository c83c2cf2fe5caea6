package io.aeon.coordinator.transaction;

/**
 * The bounds a transactional id keeps.
 *
 * @param maxTimeoutMs transaction.max.timeout.ms
 * @param idExpirationMs transactional.id.expiration.ms
 * @param patienceMs how long a request waits for the markers of the transaction before; then the client asks again
 */
public record TransactionSettings(int maxTimeoutMs, long idExpirationMs, long patienceMs) {}
