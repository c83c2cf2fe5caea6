package io.aeon.cli;

import io.aeon.diagnosis.ReplicaSizes;
import java.io.PrintStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
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
    private static final int PATIENCE_MS = 3_000;

    private final PrintStream out;
    private final PrintStream err;

    /** @param err gets a line on each broker and partition that has not told all */
    TopicsCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
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
                + " all replicas, or - if one of them is not known. The list leaves out the topics of the brokers, such as"
                + " __consumer_offsets.";
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
        Set<String> gaps = new LinkedHashSet<>();
        try (Cluster cluster = Cluster.of(given)) {
            List<Listing> listings = topic.isPresent() ? one(cluster, topic.get(), gaps) : List.of(all(cluster, gaps));
            Listing.print(out, given.has(Cluster.JSON), listings);
        } finally {
            gaps.forEach(gap -> err.println("aeon: " + gap));
        }
        return Main.OK;
    }

    /** @param gaps gets a sentence on each broker that has not told the sizes of its replicas */
    static Listing all(Cluster cluster, Set<String> gaps) throws InterruptedException {
        Collection<String> names = cluster.get(cluster.admin().listTopics().names());
        Map<String, TopicDescription> topics = described(cluster, names);
        ReplicaSizes sizes = sizes(cluster, topics.values(), gaps);
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

    private static List<Listing> one(Cluster cluster, String name, Set<String> gaps) throws InterruptedException {
        TopicDescription topic = description(cluster, name);
        // Before the sizes: the client sends a broker one request at a time, and a disk that hangs holds up that one.
        ListOffsetsResult startsAsked = asked(cluster, topic, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = told(asked(cluster, topic, OffsetSpec.latest()), topic, gaps);
        Map<TopicPartition, Long> starts = told(startsAsked, topic, gaps);
        ReplicaSizes sizes = sizes(cluster, List.of(topic), gaps);
        Listing partitions =
                new Listing("partitions", "partition", "leader", "replicas", "in sync", "start", "end", "size:bytes");
        for (TopicPartitionInfo each : topic.partitions()) {
            TopicPartition partition = new TopicPartition(name, each.partition());
            partitions.row(
                    each.partition(),
                    leader(each),
                    ids(each.replicas()),
                    ids(each.isr()),
                    starts.get(partition),
                    ends.get(partition),
                    bytes(size(sizes, name, each)));
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
            throw e.getCause() instanceof UnknownTopicOrPartitionException
                    ? new CommandException("there is no topic " + name)
                    : cluster.failure(e);
        }
    }

    private static ListOffsetsResult asked(Cluster cluster, TopicDescription topic, OffsetSpec which) {
        ListOffsetsOptions options = new ListOffsetsOptions();
        options.timeoutMs(PATIENCE_MS);
        return cluster.admin()
                .listOffsets(
                        topic.partitions().stream()
                                .collect(Collectors.toMap(
                                        each -> new TopicPartition(topic.name(), each.partition()), each -> which)),
                        options);
    }

    /** The offsets of the partitions that have told them. */
    private static Map<TopicPartition, Long> told(ListOffsetsResult asked, TopicDescription topic, Set<String> gaps)
            throws InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartitionInfo each : topic.partitions()) {
            TopicPartition partition = new TopicPartition(topic.name(), each.partition());
            try {
                offsets.put(partition, asked.partitionResult(partition).get().offset());
            } catch (ExecutionException e) {
                gaps.add("partition " + partition + Cluster.gap("its offsets", PATIENCE_MS, e));
            }
        }
        return offsets;
    }

    private static ReplicaSizes sizes(Cluster cluster, Collection<TopicDescription> topics, Set<String> gaps)
            throws InterruptedException {
        Map<Integer, Node> brokers = new TreeMap<>();
        topics.forEach(topic -> topic.partitions()
                .forEach(each -> each.replicas().forEach(broker -> brokers.put(broker.id(), broker))));
        List<Integer> inService = ids(
                brokers.values().stream().filter(broker -> !broker.isEmpty()).toList());
        DescribeLogDirsOptions options = new DescribeLogDirsOptions();
        options.timeoutMs(PATIENCE_MS);
        var asked = cluster.admin().describeLogDirs(inService, options).descriptions();
        Map<Integer, Map<String, LogDirDescription>> told = new HashMap<>();
        for (Integer broker : brokers.keySet()) {
            KafkaFuture<Map<String, LogDirDescription>> answer = asked.get(broker);
            if (answer == null) {
                gaps.add("broker " + broker + " is not in service, so the sizes of its replicas are not known");
                continue;
            }
            try {
                told.put(broker, answer.get());
            } catch (ExecutionException e) {
                gaps.add("broker " + broker + Cluster.gap("the sizes of its replicas", PATIENCE_MS, e));
            }
        }
        return new ReplicaSizes(told);
    }

    private static @Nullable Long size(ReplicaSizes sizes, String topic, TopicPartitionInfo partition) {
        return sizes.of(new TopicPartition(topic, partition.partition()), ids(partition.replicas()));
    }

    private static @Nullable Object bytes(@Nullable Long size) {
        return size == null ? null : Listing.bytes(size);
    }

    /** Null if the size of one of its partitions is not known. */
    private static @Nullable Object bytes(TopicDescription topic, ReplicaSizes sizes) {
        long sum = 0;
        for (TopicPartitionInfo each : topic.partitions()) {
            Long size = size(sizes, topic.name(), each);
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
