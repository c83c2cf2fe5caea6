package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.group.record.GroupRecord.StoredMember;
import io.aeon.coordinator.group.record.Protocol;
import java.util.List;

/**
 * A member of a classic group as it is now.
 *
 * @param stored the member as the next record of the group would contain it
 * @param protocols in the member's order of preference
 */
public record PresentMember(StoredMember stored, List<Protocol> protocols) {}
