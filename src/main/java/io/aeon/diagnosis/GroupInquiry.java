package io.aeon.diagnosis;

import io.aeon.diagnosis.GroupLook.ObservedMember;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks at the groups of a cluster, of Aeon or of Kafka. Not thread-safe. */
public final class GroupInquiry implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;

    /** Half of it, so that another broker is asked if the first one is silent. */
    private static final int REQUEST_TIMEOUT_MS = 5_000;

    /** A partition that does not answer for so long counts as offline. */
    private static final int OFFLINE_MS = 3_000;

    private final Admin admin;
    private final CoordinatorInquiry coordinators = new CoordinatorInquiry(TIMEOUT_MS);

    /** A group that exists, and the moment's knowledge of its coordinator. */
    private record Described(GroupLook look, Node coordinator) {}

    /**
     * @param bootstrap HOST:PORT of one or more brokers
     * @throws KafkaException it is no address
     */
    public GroupInquiry(String bootstrap) {
        admin = Admin.create(Map.of(
                "bootstrap.servers", bootstrap,
                "client.id", "aeon-groups",
                "default.api.timeout.ms", TIMEOUT_MS,
                "request.timeout.ms", REQUEST_TIMEOUT_MS));
    }

    /**
     * Looks at the classic groups and at those of the consumer protocol.
     *
     * @param wanted whether to look at the group of this id
     * @return the groups by group id
     * @throws IOException the cluster does not answer
     */
    public Map<String, GroupLook> look(Predicate<String> wanted) throws IOException, InterruptedException {
        List<String> classic = new ArrayList<>();
        List<String> consumer = new ArrayList<>();
        for (GroupListing group : get(admin.listGroups().all())) {
            GroupType type = group.type().orElse(GroupType.CLASSIC);
            if (wanted.test(group.groupId())) {
                if (type == GroupType.CLASSIC) {
                    classic.add(group.groupId());
                } else if (type == GroupType.CONSUMER) {
                    consumer.add(group.groupId());
                }
            }
        }
        List<Described> described = new ArrayList<>();
        for (KafkaFuture<ClassicGroupDescription> each :
                admin.describeClassicGroups(classic).describedGroups().values()) {
            add(described, each, GroupInquiry::of);
        }
        for (KafkaFuture<ConsumerGroupDescription> each :
                admin.describeConsumerGroups(consumer).describedGroups().values()) {
            add(described, each, GroupInquiry::of);
        }
        Map<Node, List<GroupLook>> byCoordinator = described.stream()
                .collect(Collectors.groupingBy(
                        Described::coordinator, Collectors.mapping(Described::look, Collectors.toList())));
        return withEnds(coordinators.completed(byCoordinator));
    }

    /** Adds nothing if the group is gone. */
    private static <T> void add(List<Described> all, KafkaFuture<T> group, Function<T, Described> described)
            throws IOException, InterruptedException {
        try {
            all.add(described.apply(get(group)));
        } catch (GroupIdNotFoundException gone) {
            return;
        }
    }

    private static Described of(ClassicGroupDescription group) {
        return new Described(
                look(
                        group.groupId(),
                        GroupType.CLASSIC,
                        group.state().toString(),
                        Optional.empty(),
                        Optional.empty(),
                        group.members()),
                group.coordinator());
    }

    private static Described of(ConsumerGroupDescription group) {
        return new Described(
                look(
                        group.groupId(),
                        group.type(),
                        group.groupState().toString(),
                        group.groupEpoch(),
                        group.targetAssignmentEpoch(),
                        group.members()),
                group.coordinator());
    }

    private static GroupLook look(
            String groupId,
            GroupType type,
            String state,
            Optional<Integer> epoch,
            Optional<Integer> targetEpoch,
            Collection<MemberDescription> members) {
        return new GroupLook(
                groupId,
                type.toString(),
                state,
                number(epoch),
                number(targetEpoch),
                members.stream()
                        .map(GroupInquiry::member)
                        .sorted(Comparator.comparing(ObservedMember::memberId))
                        .toList(),
                Optional.empty(),
                Map.of());
    }

    private static OptionalInt number(Optional<Integer> value) {
        return value.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private static ObservedMember member(MemberDescription member) {
        return new ObservedMember(
                member.consumerId(),
                member.groupInstanceId(),
                member.clientId(),
                member.host(),
                number(member.memberEpoch()),
                Set.copyOf(member.assignment().topicPartitions()),
                member.targetAssignment().map(target -> Set.copyOf(target.topicPartitions())));
    }

    private Map<String, GroupLook> withEnds(List<GroupLook> looks) throws IOException, InterruptedException {
        Set<TopicPartition> all = new HashSet<>();
        looks.forEach(look -> all.addAll(look.partitions().keySet()));
        Map<TopicPartition, OptionalLong> ends = ends(all);
        Map<String, GroupLook> complete = new TreeMap<>();
        for (GroupLook look : looks) {
            Map<TopicPartition, Progress> partitions = new TreeMap<>(GroupLook.ORDER);
            look.partitions().forEach((partition, progress) -> {
                OptionalLong end = ends.get(partition);
                if (end != null) {
                    partitions.put(partition, progress.endingAt(end));
                }
            });
            complete.put(
                    look.groupId(),
                    new GroupLook(
                            look.groupId(),
                            look.type(),
                            look.state(),
                            look.groupEpoch(),
                            look.targetEpoch(),
                            look.members(),
                            look.awaited(),
                            partitions));
        }
        return complete;
    }

    /** The ends of partitions, empty for one that is offline; those of deleted topics are left out. */
    private Map<TopicPartition, OptionalLong> ends(Set<TopicPartition> partitions)
            throws IOException, InterruptedException {
        Set<TopicPartition> present = present(partitions);
        ListOffsetsOptions options = new ListOffsetsOptions();
        options.timeoutMs(OFFLINE_MS);
        ListOffsetsResult result = admin.listOffsets(
                present.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest())),
                options);
        Map<TopicPartition, OptionalLong> ends = new HashMap<>();
        for (TopicPartition partition : present) {
            try {
                ends.put(
                        partition,
                        OptionalLong.of(result.partitionResult(partition).get().offset()));
            } catch (ExecutionException offline) {
                ends.put(partition, OptionalLong.empty());
            }
        }
        return ends;
    }

    private Set<TopicPartition> present(Set<TopicPartition> partitions) throws IOException, InterruptedException {
        Set<String> topics = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
        Map<String, Integer> counts = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
                admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
                counts.put(topic.getKey(), get(topic.getValue()).partitions().size());
            } catch (UnknownTopicOrPartitionException deleted) {
                counts.put(topic.getKey(), 0);
            }
        }
        return partitions.stream()
                .filter(partition -> partition.partition() < counts.getOrDefault(partition.topic(), 0))
                .collect(Collectors.toSet());
    }

    private static <T> T get(KafkaFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof GroupIdNotFoundException gone) {
                throw gone;
            } else if (cause instanceof UnknownTopicOrPartitionException deleted) {
                throw deleted;
            }
            throw new IOException(cause == null ? e.toString() : String.valueOf(cause.getMessage()), cause);
        }
    }

    @Override
    public void close() throws IOException {
        admin.close();
        coordinators.close();
    }
}
