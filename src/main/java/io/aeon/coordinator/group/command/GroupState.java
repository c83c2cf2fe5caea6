package io.aeon.coordinator.group.command;

/** The state of a classic group, with the names that Kafka's tools print. */
public enum GroupState {
    /** No members; there may be committed offsets. */
    EMPTY("Empty"),
    /** The group waits for the members to join the next generation. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** The generation has its members and waits for the assignment of its leader. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** Every member can receive its assignment. */
    STABLE("Stable"),
    /** The group does not exist. */
    DEAD("Dead");

    private final String text;

    GroupState(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
