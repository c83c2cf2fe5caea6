package io.aeon.coordinator.group;

/** A group in a list of groups; {@code protocolType} is empty for a group that has only offsets. */
public record GroupListing(String groupId, String protocolType, GroupState state) {}
