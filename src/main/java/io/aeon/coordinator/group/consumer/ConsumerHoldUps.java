package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.command.HoldUp;
import io.aeon.coordinator.group.command.HoldUp.Awaited;
import io.aeon.coordinator.group.member.HoldUpReports;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.member.MemberDeadlines.Key;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.record.MemberMetadata;
import io.aeon.coordinator.group.record.MemberState;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The members for which a group of the consumer protocol waits, and since when. */
final class ConsumerHoldUps {
    private final ConsumerGroupState state;
    private final HoldUpReports reports;

    /** By member id. */
    private final Map<String, Wait> waits = new TreeMap<>();

    /** @param sinceMs in {@link Now#elapsedMs} */
    private record Wait(Awaited awaited, long sinceMs) {}

    ConsumerHoldUps(ConsumerGroupState state, MemberDeadlines deadlines) {
        this.state = state;
        this.reports = new HoldUpReports(deadlines);
    }

    /** The state has changed; what was awaited before keeps its time. */
    void follow(Now now) {
        waits.keySet().retainAll(state.members().keySet());
        for (String memberId : state.members().keySet()) {
            Optional<Awaited> awaited = awaited(memberId);
            if (awaited.isEmpty()) {
                waits.remove(memberId);
            } else if (!awaited.equals(Optional.ofNullable(waits.get(memberId)).map(Wait::awaited))) {
                waits.put(memberId, new Wait(awaited.get(), now.elapsedMs()));
            }
        }
        if (waits.isEmpty()) {
            reports.end();
        } else {
            reports.begin(now);
        }
    }

    /** What a member must do to reach the target assignment; empty if it only waits for others. */
    private Optional<Awaited> awaited(String memberId) {
        MemberAssignment assignment = state.assignment(memberId);
        if (assignment.epoch() == MemberAssignment.LEFT_FOR_A_WHILE) {
            return Optional.of(Awaited.RETURN);
        }
        boolean revokes = assignment.state() == MemberState.UNREVOKED_PARTITIONS;
        boolean isBehind =
                state.targetEpoch() != ConsumerGroupState.NO_EPOCH && assignment.epoch() != state.targetEpoch();
        if (!revokes && !isBehind) {
            return Optional.empty();
        }
        MemberMetadata member = state.member(memberId);
        if (member != null && member.usesClassicProtocol()) {
            return Optional.of(Awaited.REJOIN);
        }
        return Optional.of(revokes ? Awaited.REVOCATION : Awaited.HEARTBEAT);
    }

    List<HoldUp> list(Now now) {
        List<HoldUp> holdUps = new ArrayList<>();
        waits.forEach((memberId, wait) -> {
            MemberMetadata member = state.member(memberId);
            if (member != null) {
                long forMs = now.elapsedMs() - wait.sinceMs();
                holdUps.add(new HoldUp(memberId, member.clientId(), member.clientHost(), wait.awaited(), forMs));
            }
        });
        return holdUps;
    }

    /** Notes those that are late; {@link Key#HOLD_UP} was due. */
    void report(GroupStep step) {
        reports.report(step, list(step.now()));
    }
}
