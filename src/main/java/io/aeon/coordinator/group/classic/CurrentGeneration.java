package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.JoinResult.JoinedMember;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.record.GroupRecord.Generation;
import io.aeon.coordinator.group.record.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.record.GroupRecord.StoredMember;
import io.aeon.coordinator.group.record.Protocol;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The present state of a group: its state, its generation, and the protocol that its members have chosen. */
final class CurrentGeneration {
    final String groupId;
    final Members members = new Members();

    private GroupState state = GroupState.DEAD;
    private long sinceEpochMs = -1;
    private long sinceElapsedMs;
    private int generation;
    private @Nullable String protocolType;
    private @Nullable String protocol;
    private @Nullable Set<String> subscribedTopics;
    private boolean mustRebalance;

    CurrentGeneration(String groupId) {
        this.groupId = groupId;
    }

    GroupState state() {
        return state;
    }

    boolean is(GroupState other) {
        return state == other;
    }

    void enter(GroupState next, Now now) {
        state = next;
        sinceEpochMs = now.epochMs();
        sinceElapsedMs = now.elapsedMs();
    }

    /** Milliseconds since the group entered its state; it has entered it after the replay. */
    long forMs(Now now) {
        return now.elapsedMs() - sinceElapsedMs;
    }

    /** Offsets are committed for a group without members. */
    void appear() {
        state = GroupState.EMPTY;
    }

    /** Time at which the group entered its state, empty if the record does not contain it. */
    Optional<Long> since() {
        return sinceEpochMs < 0 ? Optional.empty() : Optional.of(sinceEpochMs);
    }

    int generation() {
        return generation;
    }

    @Nullable
    String protocolType() {
        return protocolType;
    }

    @Nullable
    String protocol() {
        return protocol;
    }

    boolean usesConsumerProtocol() {
        return Subscription.CONSUMER_PROTOCOL.equals(protocolType);
    }

    /** Whether a member with this protocol type and these assignors is compatible with the present members. */
    boolean supports(String type, List<Protocol> protocols) {
        if (is(GroupState.EMPTY)) {
            return !type.isEmpty() && !protocols.isEmpty();
        }
        return type.equals(protocolType) && members.supports(protocols);
    }

    /** Adds a member; the first member sets the protocol type of the group. */
    void admit(Member member, String type) {
        if (members.isEmpty()) {
            protocolType = type;
        }
        members.add(member);
    }

    /** Whether the generation in the log has members and waits for the next one. */
    boolean mustRebalance() {
        return mustRebalance;
    }

    /** Begins the next generation with the joined members: empty, or waiting for the assignment of its leader. */
    void nextGeneration(Now now) {
        generation++;
        mustRebalance = false;
        protocol = members.isEmpty() ? null : members.selectProtocol();
        subscribedTopics = subscriptions();
        enter(members.isEmpty() ? GroupState.EMPTY : GroupState.COMPLETING_REBALANCE, now);
    }

    /** A consumer group with an unreadable subscription counts as subscribed to all topics. */
    boolean isSubscribedTo(String topic) {
        return subscribedTopics == null ? usesConsumerProtocol() : subscribedTopics.contains(topic);
    }

    boolean knowsSubscriptions() {
        return subscribedTopics != null;
    }

    private @Nullable Set<String> subscriptions() {
        if (!usesConsumerProtocol()) {
            return null;
        }
        Set<String> topics = new HashSet<>();
        for (Member member : members.all()) {
            Optional<Set<String>> subscribed =
                    Subscription.topics(member.metadata(protocol).array());
            if (subscribed.isEmpty()) {
                return null;
            }
            topics.addAll(subscribed.get());
        }
        return topics;
    }

    /** A member's answer with its generation; only the leader gets the list of the members. */
    JoinResult joined(Member member) {
        boolean leads = members.isLeader(member.id);
        return joined(member, members.leader(), false, leads ? everybody() : List.of());
    }

    JoinResult joined(Member member, @Nullable String leader, boolean skipAssignment, List<JoinedMember> others) {
        return new JoinResult(
                Errors.NONE,
                member.id,
                generation,
                protocolType,
                protocol,
                leader == null ? "" : leader,
                skipAssignment,
                others);
    }

    List<JoinedMember> everybody() {
        return members.all().stream()
                .map(member -> new JoinedMember(member.id, member.instanceId, member.metadata(protocol)))
                .toList();
    }

    SyncResult synced(Member member) {
        return new SyncResult(Errors.NONE, protocolType, protocol, member.assignment);
    }

    /** The record of this generation with these assignments. */
    GroupMetadata record(Map<String, Bytes> assignments) {
        List<StoredMember> stored = members.all().stream()
                .map(member -> member.stored(protocol, assignments.getOrDefault(member.id, Bytes.NONE)))
                .toList();
        String type = protocolType == null ? "" : protocolType;
        return new GroupMetadata(
                groupId, new Generation(type, generation, protocol, members.leader(), sinceEpochMs, stored));
    }

    /** Restores the generation of a record. */
    void restore(Generation stored) {
        members.clear();
        for (StoredMember member : stored.members()) {
            Protocol known = new Protocol(stored.protocol() == null ? "" : stored.protocol(), member.subscription());
            Member restored = new Member(
                    member.memberId(),
                    member.instanceId(),
                    member.clientId(),
                    member.clientHost(),
                    member.rebalanceTimeoutMs(),
                    member.sessionTimeoutMs(),
                    List.of(known));
            restored.assignment = member.assignment();
            members.add(restored);
        }
        mustRebalance = stored.leader() == null && !members.isEmpty();
        if (!mustRebalance) {
            members.lead(stored.leader());
        }
        state = members.isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
        sinceEpochMs = stored.stateTimestamp();
        generation = stored.id();
        protocolType = stored.protocolType().isEmpty() ? null : stored.protocolType();
        protocol = stored.protocol();
        subscribedTopics = subscriptions();
    }

    /** The group does not exist, not yet or not any more. */
    void forget() {
        members.clear();
        state = GroupState.DEAD;
        mustRebalance = false;
        sinceEpochMs = -1;
        generation = 0;
        protocolType = null;
        protocol = null;
        subscribedTopics = null;
    }
}
