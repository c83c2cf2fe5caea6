package io.aeon.coordinator.group.command;

import io.aeon.coordinator.Bytes;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Answer to a sync; the assignment comes from the leader and is empty with an error. */
public record SyncResult(
        Errors error,
        @Nullable String protocolType,
        @Nullable String protocolName,
        Bytes assignment) {

    public static SyncResult failed(Errors error) {
        return new SyncResult(error, null, null, Bytes.NONE);
    }
}
