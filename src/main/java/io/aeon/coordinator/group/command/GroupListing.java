package io.aeon.coordinator.group.command;

/**
 * A group in a list of groups.
 *
 * @param protocolType empty for a group that has only offsets
 * @param state as Kafka's tools print it
 */
public record GroupListing(String groupId, String protocolType, String state, GroupType type) {}
