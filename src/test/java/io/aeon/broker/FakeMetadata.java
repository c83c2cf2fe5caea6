package io.aeon.broker;

import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.config.KafkaSettings;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.ClusterImage.Eligible;
import io.aeon.metadata.ClusterImage.Endpoint;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Controller;
import io.aeon.metadata.ImageChange;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.TopicConfigs;
import io.aeon.metadata.directory.IdentityFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;

/** Metadata with the topics and the further brokers that a test adds; other operations are not supported. */
public final class FakeMetadata {
    /** The node id of the broker. */
    public static final int SELF = 1;

    private final Map<Integer, Broker> brokers = new ConcurrentHashMap<>(Map.of(SELF, broker(SELF, 0, false)));

    private final AtomicReference<Map<String, Topic>> topics = new AtomicReference<>(Map.of());

    private final Map<String, Map<String, String>> overrides = new ConcurrentHashMap<>();
    private final List<Topic> deleted = new ArrayList<>();
    private final AtomicLong images = new AtomicLong();
    private final AtomicInteger faults = new AtomicInteger();
    private final Map<Path, Uuid> directoryIds = new ConcurrentHashMap<>();
    private final List<AlterPartitionRequestData> isrChanges = new CopyOnWriteArrayList<>();
    private final BlockingQueue<CompletableFuture<Void>> assignments = new LinkedBlockingQueue<>();
    private final List<TopicIdPartition> assigned = new CopyOnWriteArrayList<>();
    private volatile long ownEpoch;

    private static Broker broker(int id, long epoch, boolean fenced) {
        return new Broker(
                id,
                epoch,
                Optional.empty(),
                Map.of("PLAINTEXT", new Endpoint("localhost", 9092)),
                fenced,
                false,
                List.of());
    }

    /** Another broker registers, or registers again. */
    public void register(int id, long epoch) {
        brokers.put(id, broker(id, epoch, false));
    }

    /** This broker registers, and its image does not show that yet. */
    public void registerSelf(long epoch) {
        ownEpoch = epoch;
    }

    /** Another broker is out of service. */
    public void fence(int id) {
        brokers.computeIfPresent(id, (same, known) -> broker(id, known.epoch(), true));
    }

    /** The broker has this data directory, which is mounted. */
    public void dataDirectory(Path directory) {
        directoryIds.put(directory, OneDisk.ID);
        try {
            Files.createFile(directory.resolve(IdentityFiles.OWN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The changes since the previous call. */
    public TopicsCommand.ImageChanged change() {
        List<Topic> gone = List.copyOf(deleted);
        deleted.clear();
        return new TopicsCommand.ImageChanged(
                new ImageChange(image(), topics.get().values(), gone, false, false));
    }

    /** The next {@code times} that somebody asks for the image, an exception is thrown. */
    public void breakImage(int times) {
        faults.set(times);
    }

    public void override(String topic, Map<String, String> settings) {
        overrides.put(topic, settings);
    }

    public Metadata metadata() {
        return (Metadata) Proxy.newProxyInstance(
                Metadata.class.getClassLoader(), new Class<?>[] {Metadata.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "nodeId" -> SELF;
                        case "brokerEpoch" -> ownEpoch;
                        case "directoryIds" -> Map.copyOf(directoryIds);
                        case "image" -> {
                            if (faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                                throw new IllegalStateException("broken by the test");
                            }
                            yield image();
                        }
                        case "settings" -> new KafkaSettings(Map.of());
                        case "topicConfigs" -> new TopicConfigs(SELF, new KafkaSettings(Map.of()));
                        case "controller" -> controller();
                        case "subscribe" -> null;
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    private Controller controller() {
        return (Controller) Proxy.newProxyInstance(
                Controller.class.getClassLoader(), new Class<?>[] {Controller.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "alterPartition" -> {
                            isrChanges.add((AlterPartitionRequestData) arguments[0]);
                            yield new CompletableFuture<>();
                        }
                        case "assignDirectories" -> {
                            CompletableFuture<Void> answer = new CompletableFuture<>();
                            assignments.add(answer);
                            assigned.addAll(((Map<?, ?>) arguments[0])
                                    .keySet().stream()
                                            .map(TopicIdPartition.class::cast)
                                            .toList());
                            yield answer;
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    /** The answers to the requests that record data directories; the test completes and removes them. */
    public BlockingQueue<CompletableFuture<Void>> assignments() {
        return assignments;
    }

    /** The replicas whose data directories were to be recorded, as often as they were. */
    public List<TopicIdPartition> assigned() {
        return List.copyOf(assigned);
    }

    /** The requests for other ISRs, which have no answer. */
    public List<AlterPartitionRequestData> isrChanges() {
        return List.copyOf(isrChanges);
    }

    private ClusterImage image() {
        Map<String, Topic> now = topics.get();
        Map<String, Map<String, String>> settings = Map.copyOf(overrides);
        long offset = images.incrementAndGet();
        return (ClusterImage) Proxy.newProxyInstance(
                ClusterImage.class.getClassLoader(),
                new Class<?>[] {ClusterImage.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "offset" -> offset;
                    case "brokers" -> List.copyOf(brokers.values());
                    case "broker" -> Optional.ofNullable(brokers.get((Integer) arguments[0]));
                    case "topics" -> now.values();
                    case "topicOverrides" -> settings.getOrDefault(arguments[0], Map.of());
                    case "brokerOverrides" -> Map.of();
                    case "topic" -> find(now, arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static Optional<Topic> find(Map<String, Topic> topics, Object key) {
        return topics.values().stream()
                .filter(topic -> key.equals(topic.name()) || key.equals(topic.id()))
                .findFirst();
    }

    public Uuid add(String name, int partitions) {
        Uuid id = Uuid.randomUuid();
        List<Partition> all = IntStream.range(0, partitions)
                .mapToObj(index -> new Partition(
                        index, 0, SELF, 0, List.of(SELF), List.of(SELF), Eligible.NONE, List.of(OneDisk.ID)))
                .toList();
        Map<String, Topic> next = new TreeMap<>(topics.get());
        next.put(name, new Topic(name, id, all));
        topics.set(next);
        return id;
    }

    /** Another broker has replicas of all its partitions too. */
    public void replicate(String name, int other) {
        List<Integer> both = List.of(SELF, other);
        change(name, next -> {
            next.replicas = both;
            next.isr = both;
            next.eligible = Eligible.NONE;
            next.directories = List.of(OneDisk.ID, Uuid.ZERO_UUID);
        });
    }

    /** All its partitions have these replicas, in sync and led by the first one. */
    public void assign(String name, Integer... brokers) {
        change(name, next -> {
            next.leader = brokers[0];
            next.leaderEpoch++;
            next.replicas = List.of(brokers);
            next.isr = next.replicas;
            next.eligible = Eligible.NONE;
            next.directories = next.directories(OneDisk.ID);
        });
    }

    /** A leader is elected for all its partitions. */
    public void lead(String name, int leader, int epoch) {
        change(name, next -> {
            next.leader = leader;
            next.leaderEpoch = epoch;
        });
    }

    /** Only these of the replicas of all its partitions are in sync. */
    public void inSync(String name, Integer... brokers) {
        change(name, next -> next.isr = List.of(brokers));
    }

    /** This broker has given up its replicas of all its partitions. */
    public void giveUp(String name) {
        change(name, next -> next.directories = next.directories(Partition.LOST));
    }

    /** The metadata name a data directory that this broker does not have for its replicas of all its partitions. */
    public void loseDirectories(String name) {
        change(name, next -> next.directories = next.directories(new Uuid(9, 9)));
    }

    /** This replica of all its partitions has all committed records, though it is not in sync. */
    public void makeEligible(String name, int broker) {
        change(name, next -> next.eligible = new Eligible(List.of(broker), List.of()));
    }

    /** The next state of a partition. */
    private static final class NextState {
        private final Partition before;
        private int leader;
        private int leaderEpoch;
        private List<Integer> replicas;
        private List<Integer> isr;
        private Eligible eligible;
        private List<Uuid> directories;

        NextState(Partition before) {
            this.before = before;
            leader = before.leader();
            leaderEpoch = before.leaderEpoch();
            replicas = before.replicas();
            isr = before.isr();
            eligible = before.eligible();
            directories = before.directories();
        }

        /** @param own where this broker has its replica */
        List<Uuid> directories(Uuid own) {
            return replicas.stream()
                    .map(broker -> broker == SELF ? own : Uuid.ZERO_UUID)
                    .toList();
        }

        Partition partition() {
            return new Partition(
                    before.index(),
                    before.partitionEpoch() + 1,
                    leader,
                    leaderEpoch,
                    replicas,
                    isr,
                    eligible,
                    directories);
        }
    }

    private void change(String name, Consumer<NextState> step) {
        Map<String, Topic> next = new TreeMap<>(topics.get());
        next.computeIfPresent(name, (same, topic) -> new Topic(name, topic.id(), changed(topic.partitions(), step)));
        topics.set(next);
    }

    private static List<Partition> changed(List<Partition> partitions, Consumer<NextState> step) {
        return partitions.stream()
                .map(partition -> {
                    NextState next = new NextState(partition);
                    step.accept(next);
                    return next.partition();
                })
                .toList();
    }

    public void remove(String name) {
        Map<String, Topic> next = new TreeMap<>(topics.get());
        deleted.add(Objects.requireNonNull(next.remove(name)));
        topics.set(next);
    }
}
