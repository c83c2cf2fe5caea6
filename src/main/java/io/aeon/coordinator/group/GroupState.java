package io.aeon.coordinator.group;

/** Where a classic group stands, under the names that Kafka's tools print. */
public enum GroupState {
    /** No members; perhaps committed offsets. */
    EMPTY("Empty"),
    /** Collecting the joins of the next generation. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** The generation stands, its leader's assignment is awaited. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** Every member can have its assignment. */
    STABLE("Stable"),
    /** There is no such group. */
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
