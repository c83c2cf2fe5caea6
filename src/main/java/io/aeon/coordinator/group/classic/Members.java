package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.record.Protocol;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The members of a group, its leader, and the assignors that all members support. */
final class Members {
    private final Map<String, Member> byId = new LinkedHashMap<>();
    private final Map<String, String> idByInstance = new HashMap<>();

    /** Member ids that were assigned by KIP-394 and have not joined yet. */
    private final Set<String> pending = new HashSet<>();

    /** Number of members that support each assignor. */
    private final Map<String, Integer> supporters = new HashMap<>();

    private long heapBytes;
    private long pendingBytes;
    private int awaitingJoin;
    private @Nullable String leader;

    Collection<Member> all() {
        return byId.values();
    }

    int size() {
        return byId.size();
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    @Nullable
    Member get(String memberId) {
        return byId.get(memberId);
    }

    /** The member id of the static member, null if there is none. */
    @Nullable
    String idOfInstance(String instanceId) {
        return idByInstance.get(instanceId);
    }

    @Nullable
    String leader() {
        return leader;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leader);
    }

    void lead(@Nullable String memberId) {
        leader = memberId;
    }

    void add(Member member) {
        if (byId.putIfAbsent(member.id, member) != null) {
            throw new IllegalStateException("member " + member.id + " is in the group already");
        }
        if (member.instanceId != null && idByInstance.putIfAbsent(member.instanceId, member.id) != null) {
            throw new IllegalStateException("instance " + member.instanceId + " is in the group already");
        }
        if (leader == null) {
            leader = member.id;
        }
        count(member, 1);
        if (member.isAwaitingJoin()) {
            awaitingJoin++;
        }
        forget(member.id);
    }

    /** Removes a member or a pending id; a waiting request is answered with UNKNOWN_MEMBER_ID. */
    void remove(GroupStep step, String memberId) {
        forget(memberId);
        Member member = byId.remove(memberId);
        if (member == null) {
            return;
        }
        count(member, -1);
        if (member.instanceId != null) {
            idByInstance.remove(member.instanceId);
        }
        answerJoin(step, member, JoinResult.failed(Errors.UNKNOWN_MEMBER_ID, ""));
        answerSync(step, member, SyncResult.failed(Errors.UNKNOWN_MEMBER_ID));
        if (isLeader(memberId)) {
            leader = byId.keySet().stream().findFirst().orElse(null);
        }
    }

    /** Gives a static member a new id; a request that waits with the old id is fenced. */
    Member replace(GroupStep step, String oldId, String newId) {
        Member old = byId.remove(oldId);
        if (old == null || old.instanceId == null) {
            throw new IllegalStateException("no static member " + oldId);
        }
        answerJoin(step, old, JoinResult.failed(Errors.FENCED_INSTANCE_ID, oldId));
        answerSync(step, old, SyncResult.failed(Errors.FENCED_INSTANCE_ID));
        Member renamed = old.withId(newId);
        heapBytes += renamed.heapBytes() - old.heapBytes();
        byId.put(newId, renamed);
        idByInstance.put(old.instanceId, newId);
        if (isLeader(oldId)) {
            leader = newId;
        }
        return renamed;
    }

    void update(Member member, List<Protocol> protocols, int rebalanceTimeoutMs, int sessionTimeoutMs) {
        count(member, -1);
        member.protocols = protocols;
        count(member, 1);
        member.rebalanceTimeoutMs = rebalanceTimeoutMs;
        member.sessionTimeoutMs = sessionTimeoutMs;
    }

    /** Estimated bytes of heap that the members and the expected ones take. */
    long heapBytes() {
        return heapBytes + pendingBytes;
    }

    private void forget(String pendingId) {
        if (pending.remove(pendingId)) {
            pendingBytes -= Member.heapBytes(pendingId);
        }
    }

    void assign(Member member, Bytes assignment) {
        heapBytes += assignment.array().length - member.assignment.array().length;
        member.assignment = assignment;
    }

    private void count(Member member, int change) {
        heapBytes += change * member.heapBytes();
        for (Protocol protocol : member.protocols) {
            supporters.merge(protocol.name(), change, Members::sumOrNothing);
        }
    }

    private static @Nullable Integer sumOrNothing(Integer left, Integer right) {
        return left + right == 0 ? null : left + right;
    }

    /** A second join of a member replaces the first one, whose client has disconnected or stopped waiting. */
    void awaitJoin(GroupStep step, Member member, CompletableFuture<JoinResult> reply) {
        answerJoin(step, member, JoinResult.failed(Errors.REBALANCE_IN_PROGRESS, member.id));
        member.awaitingJoin = reply;
        member.isAbandoned = false;
        awaitingJoin++;
    }

    void awaitSync(GroupStep step, Member member, CompletableFuture<SyncResult> reply) {
        answerSync(step, member, SyncResult.failed(Errors.REBALANCE_IN_PROGRESS));
        member.awaitingSync = reply;
        member.isAbandoned = false;
    }

    /** Answers a member's waiting join, if there is one. */
    void answerJoin(GroupStep step, Member member, JoinResult result) {
        if (member.awaitingJoin != null) {
            step.reply(member.awaitingJoin, result);
            member.awaitingJoin = null;
            awaitingJoin--;
        }
    }

    /** Answers a member's waiting sync; returns whether there was one. */
    boolean answerSync(GroupStep step, Member member, SyncResult result) {
        if (member.awaitingSync == null) {
            return false;
        }
        step.reply(member.awaitingSync, result);
        member.awaitingSync = null;
        return true;
    }

    void expect(String memberId) {
        if (pending.add(memberId)) {
            pendingBytes += Member.heapBytes(memberId);
        }
    }

    boolean isPending(String memberId) {
        return pending.contains(memberId);
    }

    boolean nobodyPending() {
        return pending.isEmpty();
    }

    int awaitingJoin() {
        return awaitingJoin;
    }

    boolean allJoined() {
        return awaitingJoin == byId.size() && pending.isEmpty();
    }

    List<Member> notRejoined() {
        return byId.values().stream().filter(member -> !member.isAwaitingJoin()).toList();
    }

    int maxRebalanceTimeoutMs() {
        return byId.values().stream()
                .mapToInt(member -> member.rebalanceTimeoutMs)
                .max()
                .orElse(0);
    }

    /** NONE if a request of this member is permitted, otherwise the error. */
    Errors validate(String memberId, @Nullable String instanceId) {
        if (instanceId != null) {
            String current = idByInstance.get(instanceId);
            if (current == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            if (!current.equals(memberId)) {
                return Errors.FENCED_INSTANCE_ID;
            }
        }
        return byId.containsKey(memberId) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }

    /** Whether every member supports at least one of these assignors. */
    boolean supports(List<Protocol> protocols) {
        return protocols.stream().anyMatch(protocol -> supports(protocol.name()));
    }

    /** Whether every member supports this assignor. */
    boolean supports(String protocol) {
        return supporters.getOrDefault(protocol, 0) == byId.size();
    }

    /** The assignor with the most votes among those that all members support. */
    String selectProtocol() {
        Set<String> candidates =
                supporters.keySet().stream().filter(this::supports).collect(Collectors.toSet());
        Map<String, Integer> votes = new LinkedHashMap<>();
        for (Member member : byId.values()) {
            votes.merge(member.vote(candidates), 1, Integer::sum);
        }
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalStateException("no assignor has a vote"));
    }

    /**
     * Keeps the leader if it has joined the next generation; otherwise makes another joined member the leader. A member
     * whose connection has ended leads only if no other one has joined.
     *
     * @return false if no member has joined
     */
    boolean electLeader() {
        if (leader == null) {
            return false;
        }
        Optional<Member> next = Stream.concat(Stream.ofNullable(byId.get(leader)), byId.values().stream())
                .filter(Member::isAwaitingJoin)
                .min(Comparator.comparing(member -> member.isAbandoned));
        next.ifPresent(member -> leader = member.id);
        return next.isPresent();
    }

    void clear() {
        byId.clear();
        idByInstance.clear();
        pending.clear();
        supporters.clear();
        heapBytes = 0;
        pendingBytes = 0;
        awaitingJoin = 0;
        leader = null;
    }
}
