package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.member.MemberDeadlines.Key;
import io.aeon.coordinator.group.record.ConsumerGroupRecord;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignor;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Computes the target assignment of each group epoch: at once if the last one is old enough, otherwise as soon as no
 * further epoch begins for a short time, at the latest after the assignment interval (KIP-1263).
 */
final class Targets {
    /** Milliseconds without a new group epoch after which members count as done with joining and leaving. */
    static final int QUIET_MS = 100;

    private final MemberDeadlines deadlines;

    /** Time of the last computation by this coordinator in {@link Now#elapsedMs}, empty if there was none. */
    private OptionalLong computedAt = OptionalLong.empty();

    /** The group epoch for which the deadline was set. */
    private int awaitedEpoch = ConsumerGroupState.NO_EPOCH;

    /** Why the target of {@link #failedEpoch} could not be computed; null if it could. */
    private @Nullable ApiException failure;

    private int failedEpoch = ConsumerGroupState.NO_EPOCH;

    /** The last failure in the log since a target was computed. */
    private @Nullable String noted;

    Targets(MemberDeadlines deadlines) {
        this.deadlines = deadlines;
    }

    /**
     * Computes the target assignment if the group epoch has none and it is due.
     *
     * @throws ApiException the assignor has failed for this epoch
     */
    void update(Draft draft) {
        ConsumerGroupState state = draft.state();
        if (state.targetEpoch() >= state.groupEpoch()) {
            return;
        }
        Now now = draft.now();
        long earliest = computedAt.orElse(0) + draft.settings().assignment().ms();
        if (state.isTargetProvisional() || computedAt.isEmpty() || now.elapsedMs() >= earliest) {
            compute(draft);
        } else if (failure != null && failedEpoch == state.groupEpoch()) {
            throw failure;
        } else if (awaitedEpoch != state.groupEpoch()) {
            awaitedEpoch = state.groupEpoch();
            deadlines.set(Key.TARGET, now, Math.min(QUIET_MS, earliest - now.elapsedMs()));
        }
    }

    /** As {@link #update} without a request: a failure is the answer to the next requests of the members. */
    void updateUnasked(Draft draft) {
        keepingFailure(draft, () -> update(draft));
    }

    /** Computes the target assignment at its deadline, with failures as in {@link #updateUnasked}. */
    void computeUnasked(Draft draft) {
        keepingFailure(draft, () -> compute(draft));
    }

    private void keepingFailure(Draft draft, Runnable computation) {
        try {
            computation.run();
        } catch (ApiException e) {
            failure = e;
            failedEpoch = draft.state().groupEpoch();
        }
    }

    private void compute(Draft draft) {
        ConsumerGroupState state = draft.state();
        if (state.targetEpoch() >= state.groupEpoch()) {
            return;
        }
        deadlines.cancel(Key.TARGET);
        computedAt = OptionalLong.of(draft.now().elapsedMs());
        PartitionAssignor assignor = assignor(draft);
        compute(draft, assignor).forEach(draft::add);
        failure = null;
        noted = null;
        draft.note(
                Level.DEBUG,
                "target assignment of epoch " + state.groupEpoch() + " by the assignor " + assignor.name());
    }

    private static PartitionAssignor assignor(Draft draft) {
        List<PartitionAssignor> assignors = draft.settings().assignors();
        return draft.state()
                .index()
                .preferredAssignor()
                .flatMap(name -> assignors.stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst())
                .orElse(assignors.get(0));
    }

    /** An assignor is code of others: whatever it throws is an error of this group alone. */
    private List<ConsumerGroupRecord> compute(Draft draft, PartitionAssignor assignor) {
        try {
            return new TargetAssignment(draft.state(), draft.image())
                    .compute(draft.groupId(), assignor, draft.now().epochMs());
        } catch (RuntimeException e) {
            String text = "the assignor " + assignor.name() + " has failed: " + e;
            if (!text.equals(noted)) {
                noted = text;
                draft.note(Level.WARN, text);
            }
            throw Errors.UNKNOWN_SERVER_ERROR.exception("Failed to compute a new target assignment for epoch "
                    + draft.state().groupEpoch() + ": " + e.getMessage());
        }
    }

    /** Records of this class could not be stored. */
    void forget() {
        computedAt = OptionalLong.empty();
        awaitedEpoch = ConsumerGroupState.NO_EPOCH;
    }
}
