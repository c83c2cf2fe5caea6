package io.aeon.coordinator.group;

import io.aeon.coordinator.Replayable;
import io.aeon.coordinator.StateMachine;
import java.util.Set;

/** One group, of whatever protocol its members speak. */
public interface Group extends StateMachine<GroupCommand, GroupEffects, GroupListing>, Replayable<GroupRecord> {
    /** Whose transactions decide over offsets that are durable here. */
    Set<Long> pendingProducers();
}
