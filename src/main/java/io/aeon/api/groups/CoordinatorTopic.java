package io.aeon.api.groups;

import io.aeon.config.KafkaSettings;
import io.aeon.coordinator.group.record.GroupRecordFormat;
import io.aeon.coordinator.transaction.TransactionRecordFormat;
import io.aeon.logging.LimitedLines;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * An internal topic in which coordinators keep their state. It is created when the first client looks for its
 * coordinator, or asks for the metadata of the topic itself. Thread-safe.
 */
public final class CoordinatorTopic {
    private static final Logger logger = LoggerFactory.getLogger(CoordinatorTopic.class);
    private static final LimitedLines LINES = new LimitedLines(logger, System::nanoTime);
    private static final int TIMEOUT_MS = 30_000;
    /** A client retries sooner than it gives up a request, so it is answered though no controller answers. */
    private static final int LONGEST_WAIT_MS = 2_000;

    private final Metadata metadata;
    private final String name;
    private final int partitions;
    private final int replicas;
    private final Map<String, String> settings;
    private final Executor pool;
    private final AtomicReference<CompletableFuture<Void>> creation =
            new AtomicReference<>(CompletableFuture.completedFuture(null));

    /**
     * @param replicas of each partition, if there are as many brokers when the topic is created
     * @param settings of the topic
     * @param pool runs what waits for the topic
     */
    private CoordinatorTopic(
            Metadata metadata, String name, int partitions, int replicas, Map<String, String> settings, Executor pool) {
        this.metadata = metadata;
        this.name = name;
        this.partitions = partitions;
        this.replicas = replicas;
        this.settings = settings;
        this.pool = pool;
    }

    /**
     * The topic of groups and their offsets.
     *
     * @param pool runs what waits for the topic
     */
    public static CoordinatorTopic ofGroups(Metadata metadata, KafkaSettings settings, Executor pool) {
        return new CoordinatorTopic(
                metadata,
                GroupRecordFormat.TOPIC,
                settings.getInt("offsets.topic.num.partitions"),
                settings.getShort("offsets.topic.replication.factor"),
                Map.of(
                        "cleanup.policy", "compact",
                        "compression.type", "producer",
                        "segment.bytes", Integer.toString(settings.getInt("offsets.topic.segment.bytes"))),
                pool);
    }

    /** The topic of transactional ids; otherwise as {@link #ofGroups}. */
    public static CoordinatorTopic ofTransactions(Metadata metadata, KafkaSettings settings, Executor pool) {
        return new CoordinatorTopic(
                metadata,
                TransactionRecordFormat.TOPIC,
                settings.getInt("transaction.state.log.num.partitions"),
                settings.getShort("transaction.state.log.replication.factor"),
                Map.of(
                        "cleanup.policy",
                        "compact",
                        "compression.type",
                        "uncompressed",
                        "min.insync.replicas",
                        Integer.toString(settings.getInt("transaction.state.log.min.isr")),
                        "segment.bytes",
                        Integer.toString(settings.getInt("transaction.state.log.segment.bytes"))),
                pool);
    }

    public String name() {
        return name;
    }

    private Optional<Topic> find() {
        return metadata.image().topic(name);
    }

    /**
     * The topic as soon as it exists; empty if it cannot be created, or not within two seconds, in which case the
     * creation goes on. The future never fails.
     */
    public CompletableFuture<Optional<Topic>> findOrCreate() {
        Optional<Topic> topic = find();
        return topic.isPresent()
                ? CompletableFuture.completedFuture(topic)
                : create().copy()
                        .completeOnTimeout(null, LONGEST_WAIT_MS, TimeUnit.MILLISECONDS)
                        .handleAsync((done, failure) -> find(), pool);
    }

    /** Starts the creation, or joins one under way. */
    private CompletableFuture<Void> create() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> current = creation.updateAndGet(last -> last.isDone() ? mine : last);
        if (current == mine) {
            var unused = metadata.controller().createTopics(request()).whenComplete((response, failure) -> {
                if (failure != null) {
                    logger.warn(
                            "The topic {} cannot be created; clients that look for its coordinator get"
                                    + " COORDINATOR_NOT_AVAILABLE",
                            name,
                            failure);
                } else {
                    response.topics().forEach(this::tell);
                }
                mine.complete(null);
            });
        }
        return current;
    }

    /** An operator must learn of a refusal, which no retry of a client changes. */
    private void tell(CreatableTopicResult result) {
        Errors error = Errors.forCode(result.errorCode());
        if (error == Errors.NONE || error == Errors.TOPIC_ALREADY_EXISTS) {
            logger.debug("created {}: {}", name, result);
        } else {
            LINES.add(
                    Level.WARN,
                    () -> "The topic " + name + " is refused, so clients that look for its coordinator get"
                            + " COORDINATOR_NOT_AVAILABLE: " + error + ", " + result.errorMessage());
        }
    }

    private CreateTopicsRequestData request() {
        CreatableTopic topic = new CreatableTopic()
                .setName(name)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) Math.max(1, Math.min(replicas, brokersInService())));
        settings.forEach((setting, value) ->
                topic.configs().add(new CreatableTopicConfig().setName(setting).setValue(value)));
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
        request.topics().add(topic);
        return request;
    }

    private long brokersInService() {
        return metadata.image().brokers().stream()
                .filter(broker -> !broker.fenced() && !broker.inControlledShutdown())
                .count();
    }
}
