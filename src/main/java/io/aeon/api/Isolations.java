package io.aeon.api;

import io.aeon.broker.partition.PartitionCommand.Isolation;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.InvalidRequestException;

/** The wire's names for how far a consumer may look. */
public final class Isolations {
    private Isolations() {}

    /** @throws InvalidRequestException there is no such level */
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
