package io.aeon.coordinator.group;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.MemberDeadlines.Key;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignorException;
import org.apache.kafka.coordinator.group.assignor.RangeAssignor;
import org.apache.kafka.coordinator.group.assignor.UniformAssignor;
import org.slf4j.event.Level;

/**
 * Computes the target assignment of each group epoch: at once if the last one is old enough, otherwise as soon as no
 * further epoch begins for a short time, at the latest after the assignment interval (KIP-1263).
 */
final class Targets {
    /** Milliseconds without a new group epoch after which members count as done with joining and leaving. */
    static final int QUIET_MS = 100;

    private static final Map<String, PartitionAssignor> ASSIGNORS =
            List.of(new UniformAssignor(), new RangeAssignor()).stream()
                    .collect(Collectors.toUnmodifiableMap(PartitionAssignor::name, Function.identity()));

    private final MemberDeadlines deadlines;

    /** Time of the last computation by this coordinator in {@link Now#elapsedMs}, empty if there was none. */
    private OptionalLong computedAt = OptionalLong.empty();

    /** The group epoch for which the deadline was set. */
    private int awaitedEpoch = ConsumerGroupState.NO_EPOCH;

    Targets(MemberDeadlines deadlines) {
        this.deadlines = deadlines;
    }

    /** Computes the target assignment if the group epoch has none and it is due. */
    void update(Draft draft) {
        ConsumerGroupState state = draft.state();
        if (state.targetEpoch() >= state.groupEpoch()) {
            return;
        }
        Now now = draft.now();
        long earliest = computedAt.orElse(0) + draft.settings().assignment().ms();
        if (state.isTargetProvisional() || computedAt.isEmpty() || now.elapsedMs() >= earliest) {
            compute(draft);
        } else if (awaitedEpoch != state.groupEpoch()) {
            awaitedEpoch = state.groupEpoch();
            deadlines.set(Key.TARGET, now, Math.min(QUIET_MS, earliest - now.elapsedMs()));
        }
    }

    /** Computes the target assignment if the group epoch has none. */
    void compute(Draft draft) {
        ConsumerGroupState state = draft.state();
        if (state.targetEpoch() >= state.groupEpoch()) {
            return;
        }
        deadlines.cancel(Key.TARGET);
        computedAt = OptionalLong.of(draft.now().elapsedMs());
        String name = state.index()
                .preferredAssignor()
                .filter(draft.settings().assignors()::contains)
                .orElse(draft.settings().assignors().get(0));
        try {
            new TargetAssignment(state, draft.image())
                    .compute(
                            draft.groupId(),
                            Objects.requireNonNull(ASSIGNORS.get(name), name),
                            draft.now().epochMs())
                    .forEach(draft::add);
        } catch (PartitionAssignorException e) {
            throw Errors.UNKNOWN_SERVER_ERROR.exception("Failed to compute a new target assignment for epoch "
                    + state.groupEpoch() + ": " + e.getMessage());
        }
        draft.note(Level.DEBUG, "target assignment of epoch " + state.groupEpoch() + " by the assignor " + name);
    }

    /** Records of this class could not be stored. */
    void forget() {
        computedAt = OptionalLong.empty();
        awaitedEpoch = ConsumerGroupState.NO_EPOCH;
    }
}
