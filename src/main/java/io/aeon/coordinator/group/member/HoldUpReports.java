package io.aeon.coordinator.group.member;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.command.HoldUp;
import io.aeon.coordinator.group.member.MemberDeadlines.Key;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.event.Level;

/**
 * Notes the members that hold up a rebalance: once they have for {@link #PATIENCE_MS}, then every {@link #INTERVAL_MS}
 * for as long as the rebalance lasts.
 */
public final class HoldUpReports {
    /** Members hear of a rebalance within their heartbeat interval, which is 3 or 5 seconds by default. */
    static final long PATIENCE_MS = 10_000;

    static final long INTERVAL_MS = 60_000;
    private static final int NAMED = 3;

    private final MemberDeadlines deadlines;

    public HoldUpReports(MemberDeadlines deadlines) {
        this.deadlines = deadlines;
    }

    /** The group may wait for members from now on, or still does. */
    public void begin(Now now) {
        deadlines.setIfAbsent(Key.HOLD_UP, now, PATIENCE_MS);
    }

    /** The group waits for nobody. */
    public void end() {
        deadlines.cancel(Key.HOLD_UP);
    }

    /** Notes those that are late; {@link Key#HOLD_UP} was due. */
    public void report(GroupStep step, List<HoldUp> holdUps) {
        List<HoldUp> late =
                holdUps.stream().filter(holdUp -> holdUp.forMs() >= PATIENCE_MS).toList();
        long longest = holdUps.stream().mapToLong(HoldUp::forMs).max().orElse(0);
        deadlines.set(Key.HOLD_UP, step.now(), late.isEmpty() ? PATIENCE_MS - longest : INTERVAL_MS);
        if (!late.isEmpty()) {
            step.note(Level.INFO, "the rebalance waits: " + named(late));
        }
    }

    private static String named(List<HoldUp> late) {
        String named = late.stream().limit(NAMED).map(HoldUp::toString).collect(Collectors.joining("; "));
        return late.size() <= NAMED ? named : named + "; and " + (late.size() - NAMED) + " more";
    }
}
