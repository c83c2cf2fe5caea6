package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.TextHeap;
import io.aeon.coordinator.group.record.MemberMetadata;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the members of a consumer group have in common, counted by the change of each member. */
final class MemberIndex {
    private final Map<String, String> idByInstance = new HashMap<>();
    private final Map<String, Integer> topics = new TreeMap<>();
    private final Map<String, Integer> regexes = new TreeMap<>();
    private final Map<String, Integer> assignors = new TreeMap<>();
    private final Map<String, Integer> classicProtocols = new HashMap<>();
    private int classicMembers;
    private long heapBytes;

    void replace(String memberId, @Nullable MemberMetadata old, @Nullable MemberMetadata next) {
        if (old != null) {
            count(old, -1);
            heapBytes -= TextHeap.of(memberId) + old.heapBytes();
            if (old.instanceId() != null) {
                idByInstance.remove(old.instanceId(), memberId);
            }
        }
        if (next != null) {
            count(next, 1);
            heapBytes += TextHeap.of(memberId) + next.heapBytes();
            if (next.instanceId() != null) {
                idByInstance.put(next.instanceId(), memberId);
            }
        }
    }

    private void count(MemberMetadata member, int change) {
        member.topics().forEach(topic -> count(topics, topic, change));
        if (member.hasRegex()) {
            count(regexes, member.regex(), change);
        }
        if (member.assignor() != null) {
            count(assignors, member.assignor(), change);
        }
        if (member.classic() != null) {
            classicMembers += change;
            member.classic().protocols().forEach(protocol -> count(classicProtocols, protocol.name(), change));
        }
    }

    private static void count(Map<String, Integer> counts, String key, int change) {
        counts.merge(key, change, (left, right) -> left + right == 0 ? null : left + right);
    }

    /** Estimated bytes of heap that the members take without their partitions. */
    long heapBytes() {
        return heapBytes;
    }

    /** The member id of the static member, null if there is none. */
    @Nullable
    String idOfInstance(String instanceId) {
        return idByInstance.get(instanceId);
    }

    /** The number of members that are subscribed to each topic by its name. */
    Map<String, Integer> topics() {
        return Collections.unmodifiableMap(topics);
    }

    /** The number of members that are subscribed to each regular expression. */
    Map<String, Integer> regexes() {
        return Collections.unmodifiableMap(regexes);
    }

    /** The server-side assignor that most members prefer, empty if none has a preference. */
    Optional<String> preferredAssignor() {
        return assignors.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.<String, Integer>comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey);
    }

    /** The number of members that use the classic protocol. */
    int classicMembers() {
        return classicMembers;
    }

    /** Whether all members of the classic protocol support this client-side assignor. */
    boolean supports(String classicProtocol) {
        return classicProtocols.getOrDefault(classicProtocol, 0) == classicMembers;
    }
}
