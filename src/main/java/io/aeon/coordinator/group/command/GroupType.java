package io.aeon.coordinator.group.command;

/** The group protocol of a group, with the names that Kafka's tools print. */
public enum GroupType {
    CLASSIC("classic"),
    CONSUMER("consumer");

    private final String text;

    GroupType(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
