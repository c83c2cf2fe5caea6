package io.aeon.coordinator.group.record;

/**
 * The present assignment of a member of a consumer group.
 *
 * @param epoch epoch that the member must send in its heartbeats; {@link #LEFT_FOR_A_WHILE} for a static member that
 *     may return
 * @param previousEpoch epoch that is accepted as well, because the answer with {@code epoch} may have been lost
 * @param assigned the partitions that the member may use
 * @param revoking the partitions that the member must revoke
 */
public record MemberAssignment(
        int epoch, int previousEpoch, MemberState state, AssignmentEpochs assigned, AssignmentEpochs revoking) {
    public static final int LEFT_FOR_A_WHILE = -2;

    /** A member that has just joined. */
    public static final MemberAssignment FIRST =
            new MemberAssignment(0, -1, MemberState.STABLE, AssignmentEpochs.NONE, AssignmentEpochs.NONE);

    public boolean isReconciledTo(int targetEpoch) {
        return state == MemberState.STABLE && epoch == targetEpoch;
    }

    /** The next assignment; the present epoch becomes the previous one, as in Kafka also if it stays the same. */
    public MemberAssignment next(
            int nextEpoch, MemberState nextState, AssignmentEpochs owned, AssignmentEpochs toRevoke) {
        return new MemberAssignment(nextEpoch, epoch, nextState, owned, toRevoke);
    }

    /** A static member has left and may return: partitions count as assigned to its next id from the beginning. */
    public MemberAssignment leftForAWhile() {
        return new MemberAssignment(LEFT_FOR_A_WHILE, previousEpoch, state, assigned.at(0), AssignmentEpochs.NONE);
    }

    /** A static member has returned with a new member id. */
    public MemberAssignment returned() {
        return new MemberAssignment(0, 0, state, assigned, revoking);
    }
}
