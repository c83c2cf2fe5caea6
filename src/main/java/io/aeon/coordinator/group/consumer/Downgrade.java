package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.classic.ClassicGroup;
import io.aeon.coordinator.group.classic.DowngradedMembers;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.record.GroupRecord.Generation;
import io.aeon.coordinator.group.record.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.record.MemberMetadata.ClassicMetadata;
import org.slf4j.event.Level;

/** Makes a group of the consumer protocol whose last members use the classic protocol a classic group (KIP-848). */
final class Downgrade {
    private final ClassicGroup classic;
    private final MemberDeadlines deadlines;

    /** @param deadlines those of the consumer group */
    Downgrade(ClassicGroup classic, MemberDeadlines deadlines) {
        this.classic = classic;
        this.deadlines = deadlines;
    }

    /** The limits of the members of the classic protocol. */
    GroupSettings limits() {
        return classic.settings();
    }

    /** Whether the members that are left make a classic group. */
    boolean isDue(Draft draft) {
        int members = draft.state().members().size();
        return members > 0
                && draft.state().index().classicMembers() == members
                && draft.settings().migration().downgrades()
                && members <= limits().maxSize();
    }

    /** @param rebalance whether the classic group begins with a rebalance, because its assignment is not current */
    void convert(Draft draft, boolean rebalance) {
        ConsumerGroupState state = draft.state();
        DowngradedMembers members = new DowngradedMembers();
        state.members().forEach((memberId, metadata) -> {
            ClassicMetadata told = metadata.classic();
            if (told != null) {
                members.add(memberId, metadata, told);
            }
        });
        Generation generation = members.generation(
                state.groupEpoch(),
                draft.now(),
                rebalance,
                (memberId, subscription) ->
                        ConsumerProtocol.encode(state.target(memberId), subscription, draft.image()));
        ConsumerDepartures.tombstones(draft.groupId(), state).forEach(draft::add);
        draft.add(new GroupMetadata(draft.groupId(), generation));
        // what comes before the change is durable, a commit for example, finds the members that stay
        classic.takeOver(generation, members);
        draft.whenDurable(later -> classic.goOn(later, deadlines));
        draft.note(Level.INFO, "the group of " + members.size() + " classic members takes the classic protocol");
    }
}
