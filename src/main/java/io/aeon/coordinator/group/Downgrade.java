package io.aeon.coordinator.group;

import io.aeon.coordinator.group.GroupRecord.Generation;
import io.aeon.coordinator.group.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.GroupRecord.StoredMember;
import io.aeon.coordinator.group.MemberMetadata.ClassicMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.event.Level;

/** Makes a group of the consumer protocol whose last members use the classic protocol a classic group (KIP-848). */
final class Downgrade {
    private final ClassicGroup classic;

    Downgrade(ClassicGroup classic) {
        this.classic = classic;
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
        Map<String, List<Protocol>> protocols = new HashMap<>();
        Members members = new Members();
        draft.state().members().forEach((memberId, metadata) -> {
            ClassicMetadata told = metadata.classic();
            if (told != null) {
                protocols.put(memberId, told.protocols());
                members.add(new Member(
                        memberId,
                        metadata.instanceId(),
                        metadata.clientId(),
                        metadata.clientHost(),
                        metadata.rebalanceTimeoutMs(),
                        told.sessionTimeoutMs(),
                        told.protocols()));
            }
        });
        Generation generation = generation(draft, members);
        ConsumerDepartures.tombstones(draft.groupId(), draft.state()).forEach(draft::add);
        draft.add(new GroupMetadata(draft.groupId(), generation));
        draft.whenDurable(later -> classic.takeOver(later, generation, protocols, rebalance));
        draft.note(Level.INFO, "the group of " + members.size() + " classic members takes the classic protocol");
    }

    private static Generation generation(Draft draft, Members members) {
        String protocol = members.selectProtocol();
        List<StoredMember> stored = new ArrayList<>();
        for (Member member : members.all()) {
            Protocol subscription = new Protocol(protocol, member.metadata(protocol));
            stored.add(new StoredMember(
                    member.id,
                    member.instanceId,
                    member.clientId,
                    member.clientHost,
                    member.rebalanceTimeoutMs,
                    member.sessionTimeoutMs,
                    subscription.metadata(),
                    ConsumerProtocol.encode(draft.state().target(member.id), subscription, draft.image())));
        }
        return new Generation(
                Subscription.CONSUMER_PROTOCOL,
                draft.state().groupEpoch(),
                protocol,
                members.leader(),
                draft.now().epochMs(),
                stored);
    }
}
