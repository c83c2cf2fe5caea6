package io.aeon.coordinator;

import org.apache.kafka.common.protocol.Errors;

/** The error that a client gets when a record could not be appended to the topic of its coordinator. */
public final class AppendErrors {
    private AppendErrors() {}

    /** Replaces errors about the coordinator's partition by errors about the coordinator, as Kafka does. */
    public static Errors forClient(Errors error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, REQUEST_TIMED_OUT -> Errors.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, KAFKA_STORAGE_ERROR ->
                Errors.NOT_COORDINATOR;
            case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_FETCH_SIZE -> Errors.UNKNOWN_SERVER_ERROR;
            default -> error;
        };
    }
}
