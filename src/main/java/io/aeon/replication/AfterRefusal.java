package io.aeon.replication;

import org.apache.kafka.common.protocol.Errors;

/** What a leader does about a change of the ISR that the controller has refused. */
enum AfterRefusal {
    /** The change was not and will not be carried out: the leader is as before it. */
    GIVE_UP,
    /** The metadata here is old: the leader waits for newer metadata. */
    WAIT,
    /** The same change is sent again. */
    REPEAT;

    static AfterRefusal of(Errors error) {
        return switch (error) {
            case INELIGIBLE_REPLICA, OPERATION_NOT_ATTEMPTED -> GIVE_UP;
            case FENCED_LEADER_EPOCH,
                    INVALID_UPDATE_VERSION,
                    UNKNOWN_TOPIC_ID,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    INVALID_REQUEST,
                    NEW_LEADER_ELECTED -> WAIT;
            default -> REPEAT;
        };
    }
}
