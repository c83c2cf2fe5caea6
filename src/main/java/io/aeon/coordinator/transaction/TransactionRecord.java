package io.aeon.coordinator.transaction;

import org.jspecify.annotations.Nullable;

/** What the transaction topic keeps of a transactional id; a null value ends it. */
public record TransactionRecord(
        String transactionalId, @Nullable TransactionMetadata value) {}
