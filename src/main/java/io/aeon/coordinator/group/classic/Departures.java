package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.group.command.GroupCommand.Leave;
import io.aeon.coordinator.group.command.GroupCommand.Leaver;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.LeaveResult;
import io.aeon.coordinator.group.command.LeaveResult.Left;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.event.Level;

/** Removes members that leave and members whose session has ended. */
final class Departures {
    private final CurrentGeneration group;
    private final Members members;
    private final Rebalance rebalance;

    Departures(CurrentGeneration group, Rebalance rebalance) {
        this.group = group;
        this.members = group.members;
        this.rebalance = rebalance;
    }

    void leave(GroupStep step, Leave leave) {
        List<Left> results = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (Leaver leaver : leave.leavers()) {
            Errors error = remove(step, leaver, gone);
            results.add(new Left(leaver.memberId(), leaver.instanceId(), error));
        }
        if (!gone.isEmpty()) {
            switch (group.state()) {
                case STABLE, COMPLETING_REBALANCE -> rebalance.prepare(step, "left: " + gone);
                case PREPARING_REBALANCE -> rebalance.completeIfAllJoined(step);
                case EMPTY, DEAD -> {}
            }
        }
        step.reply(leave.reply(), new LeaveResult(Errors.NONE, results));
    }

    private Errors remove(GroupStep step, Leaver leaver, List<String> gone) {
        String memberId = leaver.memberId();
        if (memberId.isEmpty() && leaver.instanceId() != null) {
            String current = members.idOfInstance(leaver.instanceId());
            memberId = current == null ? "" : current;
        } else if (!members.isPending(memberId)) {
            Errors error = members.validate(memberId, leaver.instanceId());
            if (error != Errors.NONE) {
                return error;
            }
        }
        if (memberId.isEmpty()) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        rebalance.drop(step, memberId);
        gone.add(leaver.reason().isEmpty() ? memberId : memberId + " (" + leaver.reason() + ")");
        return Errors.NONE;
    }

    void sessionTimeout(GroupStep step, String memberId) {
        Member member = members.get(memberId);
        if (member == null) {
            rebalance.drop(step, memberId);
            rebalance.completeWithoutMissing(step);
            return;
        }
        if (member.isHeld()) {
            return;
        }
        rebalance.drop(step, memberId);
        step.note(
                Level.INFO, "member " + memberId + " is removed: no heartbeat for " + member.sessionTimeoutMs + " ms");
        if (group.is(GroupState.PREPARING_REBALANCE)) {
            rebalance.completeWithoutMissing(step);
        } else {
            rebalance.prepare(step, "no heartbeat from " + memberId);
        }
    }
}
