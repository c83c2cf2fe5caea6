package io.aeon.broker.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands to all state machines that wait for a replay. As it may fail for ever, commands that one command can replace
 * are kept as one. Not thread-safe.
 */
final class WaitingBroadcasts<C> {
    private final CoordinatorKind<C, ?, ?> kind;
    private final List<C> commands = new ArrayList<>(1);

    WaitingBroadcasts(CoordinatorKind<C, ?, ?> kind) {
        this.kind = kind;
    }

    void add(C command) {
        for (int i = 0; i < commands.size(); i++) {
            Optional<C> both = kind.merged(commands.get(i), command);
            if (both.isPresent()) {
                commands.set(i, both.get());
                return;
            }
        }
        commands.add(command);
    }

    /** Removes all commands; returns them in the order of their first arrival. */
    List<C> take() {
        List<C> taken = List.copyOf(commands);
        commands.clear();
        return taken;
    }
}
