package io.aeon.coordinator.group;

/** A group in one line; {@code protocolType} is empty for a group that only holds offsets. */
public record GroupListing(String groupId, String protocolType, GroupState state) {}
