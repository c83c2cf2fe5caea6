package io.aeon.api;

import io.aeon.broker.partition.PartitionCommand.Isolation;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.InvalidRequestException;

/** Reads the isolation level of a request. */
public final class Isolations {
    private Isolations() {}

    /** @throws InvalidRequestException the level is unknown */
    public static Isolation of(byte level) {
        if (level == IsolationLevel.READ_UNCOMMITTED.id()) {
            return Isolation.UNCOMMITTED;
        }
        if (level == IsolationLevel.READ_COMMITTED.id()) {
            return Isolation.COMMITTED;
        }
        throw new InvalidRequestException("Unknown isolation level " + level);
    }
}
