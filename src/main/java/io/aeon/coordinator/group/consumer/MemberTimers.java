package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.member.MemberDeadlines.Key;
import io.aeon.coordinator.group.member.MemberDeadlines.Kind;
import io.aeon.coordinator.group.record.MemberMetadata;
import io.aeon.coordinator.group.record.MemberState;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** Keeps the deadlines of a consumer group's members in step with the group's durable state. */
final class MemberTimers {
    /**
     * The time in milliseconds for a member to come back by another connection: long enough for the heartbeat interval
     * and the reconnect backoff of all known clients.
     */
    static final int DISCONNECTED_MS = 10_000;

    private final ConsumerGroupState state;
    private final MemberDeadlines deadlines;
    private final Supplier<ConsumerGroupSettings> settings;

    MemberTimers(ConsumerGroupState state, MemberDeadlines deadlines, Supplier<ConsumerGroupSettings> settings) {
        this.state = state;
        this.deadlines = deadlines;
        this.settings = settings;
    }

    /** Starts the deadlines of all members after a load. */
    void startAll(GroupStep step) {
        state.members().forEach((memberId, member) -> {
            deadlines.awaitReturn(memberId, member.instanceId() != null, step.now(), sessionMs(member));
            keepRebalanceTimeout(step, memberId, member);
        });
    }

    /** Starts the session and the rebalance timeout of those members that exist. */
    void start(GroupStep step, Collection<String> memberIds) {
        for (String memberId : memberIds) {
            MemberMetadata member = state.member(memberId);
            if (member != null) {
                deadlines.set(Key.session(memberId), step.now(), sessionMs(member));
                keepRebalanceTimeout(step, memberId, member);
            }
        }
    }

    private int sessionMs(MemberMetadata member) {
        return member.classic() == null
                ? settings.get().session().ms()
                : member.classic().sessionTimeoutMs();
    }

    /**
     * Sets the deadlines of a member whose change is durable.
     *
     * @param reassigned whether its assignment has changed
     */
    void follow(GroupStep step, String memberId, boolean reassigned) {
        MemberMetadata member = state.member(memberId);
        if (member == null) {
            deadlines.cancelAll(memberId);
        } else if (!deadlines.isSet(Key.session(memberId))) {
            start(step, List.of(memberId));
        } else if (reassigned) {
            keepRebalanceTimeout(step, memberId, member);
        }
    }

    /**
     * A member without a connection has crashed, if it does not connect again soon. A static member is expected back
     * within its session timeout, and a member of the classic protocol may count on it.
     */
    void disconnected(Now now, String memberId) {
        MemberMetadata member = state.member(memberId);
        if (member != null && member.instanceId() == null && !member.usesClassicProtocol()) {
            int back = Math.max(DISCONNECTED_MS, 2 * settings.get().heartbeat().ms());
            deadlines.set(Key.back(memberId), now, back);
        }
    }

    /** A member of the classic protocol has its joins and syncs bounded instead. */
    private void keepRebalanceTimeout(GroupStep step, String memberId, MemberMetadata member) {
        if (state.assignment(memberId).state() == MemberState.UNREVOKED_PARTITIONS && !member.usesClassicProtocol()) {
            deadlines.set(Key.rebalance(memberId), step.now(), member.rebalanceTimeoutMs());
        } else {
            deadlines.cancel(Key.rebalance(memberId));
        }
    }

    /** What a member has missed whose deadline of this kind is due. */
    static String missed(Kind kind) {
        return switch (kind) {
            case SESSION -> "no heartbeat within its session timeout";
            case BACK -> "its connection has ended, and no heartbeat has come over another one";
            case REBALANCE -> "it has not revoked its partitions within its rebalance timeout";
            case JOIN -> "it has not rejoined within its rebalance timeout";
            case SYNC -> "it has sent no sync within its rebalance timeout";
            case TARGET, HOLD_UP -> throw new IllegalArgumentException("no deadline of a member");
        };
    }
}
