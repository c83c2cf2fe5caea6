package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.TextHeap;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.record.GroupRecord.StoredMember;
import io.aeon.coordinator.group.record.Protocol;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A member of the group, with its waiting requests. */
final class Member {
    /** The object itself with its deadlines, ids without characters, and its part of the generation (measured). */
    private static final long HEAP_BYTES = 1792;

    final String id;
    final @Nullable String instanceId;
    final String clientId;
    final String clientHost;
    int rebalanceTimeoutMs;
    int sessionTimeoutMs;
    List<Protocol> protocols;
    Bytes assignment = Bytes.NONE;

    /** The first join is not answered yet: it is unknown whether the client still waits. */
    boolean isNew;

    /** The connection has ended on which the last request came that has waited. */
    boolean isAbandoned;

    @Nullable
    CompletableFuture<JoinResult> awaitingJoin;

    @Nullable
    CompletableFuture<SyncResult> awaitingSync;

    Member(
            String id,
            @Nullable String instanceId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            List<Protocol> protocols) {
        this.id = id;
        this.instanceId = instanceId;
        this.clientId = clientId;
        this.clientHost = clientHost;
        this.rebalanceTimeoutMs = rebalanceTimeoutMs;
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.protocols = protocols;
    }

    /** The same member with a new member id. */
    Member withId(String newId) {
        Member renamed =
                new Member(newId, instanceId, clientId, clientHost, rebalanceTimeoutMs, sessionTimeoutMs, protocols);
        renamed.assignment = assignment;
        return renamed;
    }

    /** Estimated bytes of heap that the member takes, with its deadlines. */
    long heapBytes() {
        return heapBytes(id)
                + TextHeap.of(instanceId)
                + TextHeap.of(clientId)
                + assignment.array().length
                + Protocol.heapBytes(protocols);
    }

    /** Estimated bytes of heap that a member takes of which only the id is known. */
    static long heapBytes(String memberId) {
        return HEAP_BYTES + TextHeap.of(memberId);
    }

    boolean isStatic() {
        return instanceId != null;
    }

    boolean isAwaitingJoin() {
        return awaitingJoin != null;
    }

    boolean waits() {
        return awaitingJoin != null || awaitingSync != null;
    }

    /** Whether {@code reply} is that of a request of the member that waits. */
    boolean waitsFor(CompletableFuture<?> reply) {
        return reply == awaitingJoin || reply == awaitingSync;
    }

    /** Whether the member needs no heartbeat because one of its requests waits in the coordinator. */
    boolean isHeld() {
        return !isNew && !isAbandoned && waits();
    }

    Bytes metadata(@Nullable String protocolName) {
        return protocols.stream()
                .filter(protocol -> protocol.name().equals(protocolName))
                .map(Protocol::metadata)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("member " + id + " does not support " + protocolName));
    }

    /** The member as a record contains it. */
    StoredMember stored(@Nullable String protocolName, Bytes assigned) {
        return new StoredMember(
                id,
                instanceId,
                clientId,
                clientHost,
                rebalanceTimeoutMs,
                sessionTimeoutMs,
                metadata(protocolName),
                assigned);
    }

    /** The assignor of {@code candidates} that the member prefers. */
    String vote(Set<String> candidates) {
        return protocols.stream()
                .map(Protocol::name)
                .filter(candidates::contains)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("member " + id + " supports none of " + candidates));
    }
}
