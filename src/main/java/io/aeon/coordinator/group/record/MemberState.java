package io.aeon.coordinator.group.record;

import java.util.Arrays;

/** How far a member of a consumer group has moved to its target assignment (KIP-848). */
public enum MemberState {
    /** The member has everything that its epoch's target assigns to it. */
    STABLE(0),
    /** The member must revoke partitions before it enters the next epoch. */
    UNREVOKED_PARTITIONS(1),
    /** The member has entered the target's epoch and waits for partitions that other members still own. */
    UNRELEASED_PARTITIONS(2),
    /** The state was written by a newer release: the member must join again. */
    UNKNOWN(127);

    private final int code;

    MemberState(int code) {
        this.code = code;
    }

    byte code() {
        return (byte) code;
    }

    static MemberState of(byte code) {
        return Arrays.stream(values())
                .filter(state -> state.code == code)
                .findFirst()
                .orElse(UNKNOWN);
    }
}
