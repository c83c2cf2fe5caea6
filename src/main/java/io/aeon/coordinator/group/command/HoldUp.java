package io.aeon.coordinator.group.command;

/**
 * A member for which its group waits.
 *
 * @param clientHost its address as the broker sees it
 * @param forMs milliseconds for which the group has waited, since this coordinator knows of it
 */
public record HoldUp(String memberId, String clientId, String clientHost, Awaited awaited, long forMs) {
    /** What the member has not done yet. */
    public enum Awaited {
        /** A member of the classic protocol has not joined the next generation. */
        REJOIN("has not joined again"),
        /** The leader of a classic group has not sent the assignment of the generation. */
        ASSIGNMENT("leads the group and has not sent the assignment"),
        /** A member of the classic protocol has not asked for its assignment. */
        SYNC("has not asked for its assignment"),
        /** A member of the consumer protocol owns partitions that it was told to revoke. */
        REVOCATION("has not revoked its partitions"),
        /** A member of the consumer protocol has not sent a heartbeat since the target assignment has changed. */
        HEARTBEAT("has not sent a heartbeat since the assignment has changed"),
        /** A static member has left and may return until its session ends. */
        RETURN("is a static member that has left and may return");

        private final String text;

        Awaited(String text) {
            this.text = text;
        }

        /** The predicate of a sentence about the member. */
        @Override
        public String toString() {
            return text;
        }
    }

    @Override
    public String toString() {
        return "member " + memberId + " (client " + clientId + " at " + clientHost + ") " + awaited + " for "
                + forMs / 1000 + " s";
    }
}
