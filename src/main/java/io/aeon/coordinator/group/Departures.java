package io.aeon.coordinator.group;

import io.aeon.coordinator.group.GroupCommand.Leave;
import io.aeon.coordinator.group.GroupCommand.Leaver;
import io.aeon.coordinator.group.LeaveResult.Left;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** Lets members go: those who say so and those who fall silent. */
final class Departures {
    private final Standing group;
    private final Members members;
    private final Rebalance rebalance;

    Departures(Standing group, Rebalance rebalance) {
        this.group = group;
        this.members = group.members;
        this.rebalance = rebalance;
    }

    void leave(Turn turn, Leave leave) {
        List<Left> results = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (Leaver leaver : leave.leavers()) {
            Errors error = remove(turn, leaver, gone);
            results.add(new Left(leaver.memberId(), leaver.instanceId(), error));
        }
        if (!gone.isEmpty()) {
            switch (group.state()) {
                case STABLE, COMPLETING_REBALANCE -> rebalance.prepare(turn, "left: " + gone);
                case PREPARING_REBALANCE -> rebalance.completeIfAllJoined(turn);
                case EMPTY, DEAD -> {}
            }
        }
        turn.reply(leave.reply(), new LeaveResult(Errors.NONE, results));
    }

    private Errors remove(Turn turn, Leaver leaver, List<String> gone) {
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
        rebalance.drop(turn, memberId);
        gone.add(leaver.reason().isEmpty() ? memberId : memberId + " (" + leaver.reason() + ")");
        return Errors.NONE;
    }

    void sessionTimeout(Turn turn, String memberId) {
        Member member = members.get(memberId);
        if (member == null) {
            rebalance.drop(turn, memberId);
            rebalance.completeWithoutMissing(turn);
            return;
        }
        if (member.isHeld()) {
            return;
        }
        rebalance.drop(turn, memberId);
        if (group.is(GroupState.PREPARING_REBALANCE)) {
            rebalance.completeWithoutMissing(turn);
        } else {
            rebalance.prepare(turn, "no heartbeat from " + memberId);
        }
    }
}
