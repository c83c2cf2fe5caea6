package io.aeon.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Prints topics with their partitions, replicas, sizes and settings. */
final class TopicsCommand implements Subcommand {
    /** A partition that does not answer for so long counts as offline. */
    private static final int OFFLINE_MS = 3_000;

    private final PrintStream out;

    TopicsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public String words() {
        return "topics";
    }

    @Override
    public String summary() {
        return "Print topics with their partitions, replicas and sizes.";
    }

    @Override
    public String more() {
        return "With TOPIC its partitions with their offsets, and its settings that are not the default. A size is that of"
                + " all replicas. The list leaves out the topics of the brokers, such as __consumer_offsets.";
    }

    @Override
    public String operand() {
        return "[TOPIC]";
    }

    @Override
    public Options options() {
        return Cluster.options();
    }

    @Override
    public int run(Given given) throws InterruptedException {
        Optional<String> topic = given.optionalOperand();
        try (Cluster cluster = Cluster.of(given)) {
            List<Listing> listings = topic.isPresent() ? one(cluster, topic.get()) : List.of(all(cluster));
            Listing.print(out, given.has(Cluster.JSON), listings);
        }
        return Main.OK;
    }

    static Listing all(Cluster cluster) throws InterruptedException {
        Collection<String> names = cluster.get(cluster.admin().listTopics().names());
        Map<String, TopicDescription> topics = described(cluster, names);
        Sizes sizes = sizes(cluster);
        Listing listing =
                new Listing("topics", "topic", "partitions", "replicas", "under replicated", "offline", "size:bytes");
        topics.forEach((name, topic) -> {
            List<TopicPartitionInfo> partitions = topic.partitions();
            listing.row(
                    name,
                    partitions.size(),
                    partitions.get(0).replicas().size(),
                    partitions.stream()
                            .filter(each -> each.isr().size() < each.replicas().size())
                            .count(),
                    partitions.stream().filter(each -> leader(each) == null).count(),
                    bytes(topic, sizes));
        });
        return listing;
    }

    /** The topics of these names, without those that were deleted since they were listed. */
    static Map<String, TopicDescription> described(Cluster cluster, Collection<String> names)
            throws InterruptedException {
        Map<String, TopicDescription> topics = new TreeMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> asked :
                cluster.admin().describeTopics(names).topicNameValues().entrySet()) {
            try {
                topics.put(asked.getKey(), asked.getValue().get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw cluster.failure(e);
                }
            }
        }
        return topics;
    }

    private static List<Listing> one(Cluster cluster, String name) throws InterruptedException {
        TopicDescription topic = description(cluster, name);
        Sizes sizes = sizes(cluster);
        ListOffsetsResult starts = offsets(cluster, topic, OffsetSpec.earliest());
        ListOffsetsResult ends = offsets(cluster, topic, OffsetSpec.latest());
        Listing partitions =
                new Listing("partitions", "partition", "leader", "replicas", "in sync", "start", "end", "size:bytes");
        for (TopicPartitionInfo each : topic.partitions()) {
            TopicPartition partition = new TopicPartition(name, each.partition());
            partitions.row(
                    each.partition(),
                    leader(each),
                    ids(each.replicas()),
                    ids(each.isr()),
                    Cluster.known(starts.partitionResult(partition))
                            .map(ListOffsetsResult.ListOffsetsResultInfo::offset)
                            .orElse(null),
                    Cluster.known(ends.partitionResult(partition))
                            .map(ListOffsetsResult.ListOffsetsResultInfo::offset)
                            .orElse(null),
                    bytes(sizes.of(name, each)));
        }
        return List.of(partitions, SettingsCommand.ofTopic(cluster, name, false));
    }

    static TopicDescription description(Cluster cluster, String name) throws InterruptedException {
        try {
            return cluster.admin()
                    .describeTopics(List.of(name))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next();
        } catch (ExecutionException e) {
            throw new CommandException(
                    e.getCause() instanceof UnknownTopicOrPartitionException
                            ? "there is no topic " + name
                            : "the brokers at " + cluster.bootstrap() + " do not answer: "
                                    + (e.getCause() == null ? e : e.getCause()).getMessage());
        }
    }

    private static ListOffsetsResult offsets(Cluster cluster, TopicDescription topic, OffsetSpec which) {
        ListOffsetsOptions options = new ListOffsetsOptions();
        options.timeoutMs(OFFLINE_MS);
        return cluster.admin()
                .listOffsets(
                        topic.partitions().stream()
                                .collect(Collectors.toMap(
                                        each -> new TopicPartition(topic.name(), each.partition()), each -> which)),
                        options);
    }

    /**
     * What the replicas take on disk.
     *
     * @param silent brokers that have not told it
     */
    private record Sizes(Map<TopicPartition, Long> bytes, Set<Integer> silent) {
        /** Null if a broker has not told the size of its replica. */
        @Nullable
        Long of(String topic, TopicPartitionInfo partition) {
            boolean isPart = partition.replicas().stream().anyMatch(broker -> silent.contains(broker.id()));
            return isPart ? null : bytes.get(new TopicPartition(topic, partition.partition()));
        }
    }

    private static Sizes sizes(Cluster cluster) throws InterruptedException {
        List<Integer> brokers = new ArrayList<>();
        for (Node broker : cluster.get(cluster.admin().describeCluster().nodes())) {
            brokers.add(broker.id());
        }
        Sizes sizes = new Sizes(new HashMap<>(), new HashSet<>());
        for (Map.Entry<Integer, KafkaFuture<Map<String, LogDirDescription>>> asked :
                cluster.admin().describeLogDirs(brokers).descriptions().entrySet()) {
            Optional<Map<String, LogDirDescription>> told = Cluster.known(asked.getValue());
            told.stream()
                    .flatMap(directories -> directories.values().stream())
                    .forEach(directory -> directory
                            .replicaInfos()
                            .forEach(
                                    (partition, replica) -> sizes.bytes().merge(partition, replica.size(), Long::sum)));
            if (told.isEmpty()) {
                sizes.silent().add(asked.getKey());
            }
        }
        return sizes;
    }

    private static @Nullable Object bytes(@Nullable Long size) {
        return size == null ? null : Listing.bytes(size);
    }

    /** Null if the size of one of its partitions is not known. */
    private static @Nullable Object bytes(TopicDescription topic, Sizes sizes) {
        long sum = 0;
        for (TopicPartitionInfo each : topic.partitions()) {
            Long size = sizes.of(topic.name(), each);
            if (size == null) {
                return null;
            }
            sum += size;
        }
        return Listing.bytes(sum);
    }

    /** Null if no broker leads the partition. */
    private static @Nullable Integer leader(TopicPartitionInfo partition) {
        Node leader = partition.leader();
        return leader == null || leader.isEmpty() ? null : leader.id();
    }

    private static List<Integer> ids(List<Node> brokers) {
        return brokers.stream().map(Node::id).toList();
    }
}
