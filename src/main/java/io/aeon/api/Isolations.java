package io.aeon.api;

import io.aeon.broker.partition.PartitionCommand.Isolation;
import org.apache.kafka.common.IsolationLevel;

/** The wire's names for how far a consumer may look. */
public final class Isolations {
    private Isolations() {}

    public static Isolation of(byte level) {
        return level == IsolationLevel.READ_COMMITTED.id() ? Isolation.COMMITTED : Isolation.UNCOMMITTED;
    }
}
