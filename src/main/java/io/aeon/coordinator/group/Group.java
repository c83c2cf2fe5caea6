package io.aeon.coordinator.group;

import io.aeon.coordinator.Replayable;
import io.aeon.coordinator.StateMachine;
import java.util.Set;

/** One group, of any group protocol. */
public interface Group extends StateMachine<GroupCommand, GroupEffects, GroupListing>, Replayable<GroupRecord> {
    /** The producers whose open transactions contain committed offsets of this group. */
    Set<Long> pendingProducers();
}
