package io.aeon.diagnosis;

import io.aeon.diagnosis.GroupLook.ObservedMember;
import io.aeon.protocol.GroupExtension.AwaitedMember;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/** The connections to the coordinators of groups, which tell more than Kafka's Admin asks for. Not thread-safe. */
final class CoordinatorInquiry implements AutoCloseable {
    /** Groups that one request asks for. */
    private static final int AT_ONCE = 100;

    private final Map<Node, GroupWire> wires = new HashMap<>();
    private final int timeoutMs;

    /** @param timeoutMs bound of the connect and of each answer */
    CoordinatorInquiry(int timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    /**
     * The same looks with committed offsets and with the members for which a group waits.
     *
     * @param looks by the coordinator of the group
     * @throws IOException a coordinator does not answer
     */
    List<GroupLook> completed(Map<Node, List<GroupLook>> looks) throws IOException {
        List<GroupLook> all = new ArrayList<>();
        for (Map.Entry<Node, List<GroupLook>> each : looks.entrySet()) {
            List<GroupLook> groups = each.getValue();
            for (int first = 0; first < groups.size(); first += AT_ONCE) {
                all.addAll(completed(
                        wire(each.getKey()), groups.subList(first, Math.min(first + AT_ONCE, groups.size()))));
            }
        }
        return all;
    }

    private static List<GroupLook> completed(GroupWire wire, List<GroupLook> looks) throws IOException {
        Map<String, Map<TopicPartition, Progress>> committed = wire.committed(ids(looks, look -> true));
        Map<String, Optional<List<AwaitedMember>>> awaited = new HashMap<>();
        List<String> classic = ids(looks, CoordinatorInquiry::isClassic);
        if (!classic.isEmpty()) {
            awaited.putAll(wire.awaitedByClassic(classic));
        }
        List<String> consumer = ids(looks, look -> !isClassic(look));
        if (!consumer.isEmpty()) {
            awaited.putAll(wire.awaitedByConsumer(consumer));
        }
        return looks.stream()
                .map(look -> completed(
                        look,
                        committed.getOrDefault(look.groupId(), Map.of()),
                        awaited.getOrDefault(look.groupId(), Optional.empty())))
                .toList();
    }

    private static List<String> ids(List<GroupLook> looks, Predicate<GroupLook> chosen) {
        return looks.stream().filter(chosen).map(GroupLook::groupId).toList();
    }

    private static boolean isClassic(GroupLook look) {
        return look.type().equals(GroupType.CLASSIC.toString());
    }

    private static GroupLook completed(
            GroupLook look, Map<TopicPartition, Progress> committed, Optional<List<AwaitedMember>> awaited) {
        Map<TopicPartition, Progress> partitions = new HashMap<>(committed);
        for (ObservedMember member : look.members()) {
            member.owned().forEach(partition -> partitions.putIfAbsent(partition, Progress.NONE));
            member.target().orElse(Set.of()).forEach(partition -> partitions.putIfAbsent(partition, Progress.NONE));
        }
        return new GroupLook(
                look.groupId(),
                look.type(),
                look.state(),
                look.groupEpoch(),
                look.targetEpoch(),
                look.members(),
                awaited,
                partitions);
    }

    private GroupWire wire(Node broker) throws IOException {
        GroupWire known = wires.get(broker);
        if (known == null) {
            known = new GroupWire(broker, timeoutMs);
            wires.put(broker, known);
        }
        return known;
    }

    @Override
    public void close() throws IOException {
        for (GroupWire wire : wires.values()) {
            wire.close();
        }
    }
}
