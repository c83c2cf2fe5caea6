package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.record.GroupRecord.Generation;
import io.aeon.coordinator.group.record.GroupRecord.StoredMember;
import io.aeon.coordinator.group.record.MemberMetadata;
import io.aeon.coordinator.group.record.MemberMetadata.ClassicMetadata;
import io.aeon.coordinator.group.record.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The members of a consumer group, all with the classic protocol, that become the members of a classic group. */
public final class DowngradedMembers {
    private final Members members = new Members();
    private final Map<String, List<Protocol>> protocols = new HashMap<>();

    public void add(String memberId, MemberMetadata metadata, ClassicMetadata told) {
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

    public int size() {
        return members.size();
    }

    /** The protocols of a member in its order of preference. */
    List<Protocol> protocolsOf(String memberId) {
        return protocols.getOrDefault(memberId, List.of());
    }

    /**
     * The generation of the classic group with these members.
     *
     * @param rebalance whether it waits for the next one, also after a crash
     * @param assignments the assignment of a member, in the encoding of its subscription
     */
    public Generation generation(int id, Now now, boolean rebalance, BiFunction<String, Protocol, Bytes> assignments) {
        String protocol = members.selectProtocol();
        List<StoredMember> stored = new ArrayList<>();
        for (Member member : members.all()) {
            Protocol subscription = new Protocol(protocol, member.metadata(protocol));
            stored.add(member.stored(protocol, assignments.apply(member.id, subscription)));
        }
        String leader = rebalance ? null : members.leader();
        return new Generation(Subscription.CONSUMER_PROTOCOL, id, protocol, leader, now.epochMs(), stored);
    }
}
