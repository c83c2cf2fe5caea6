package io.aeon.coordinator.transaction;

import org.jspecify.annotations.Nullable;

/** A record of a transactional id in the transaction topic; a null value deletes it. */
public record TransactionRecord(
        String transactionalId, @Nullable TransactionMetadata value) {}
