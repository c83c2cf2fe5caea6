package io.aeon.api.groups;

import io.aeon.config.KafkaSettings;
import io.aeon.coordinator.group.GroupRecordFormat;
import io.aeon.coordinator.transaction.TransactionRecordFormat;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A topic that coordinators keep their state in, made when the first client looks for its coordinator. Thread-safe. */
public final class CoordinatorTopic {
    private static final Logger logger = LoggerFactory.getLogger(CoordinatorTopic.class);
    private static final int TIMEOUT_MS = 30_000;

    private final Metadata metadata;
    private final String name;
    private final String compression;
    private final int partitions;
    private final int segmentBytes;
    private final AtomicReference<CompletableFuture<Void>> creation =
            new AtomicReference<>(CompletableFuture.completedFuture(null));

    private CoordinatorTopic(Metadata metadata, String name, String compression, int partitions, int segmentBytes) {
        this.metadata = metadata;
        this.name = name;
        this.compression = compression;
        this.partitions = partitions;
        this.segmentBytes = segmentBytes;
    }

    /** Where groups and their offsets are kept. */
    public static CoordinatorTopic ofGroups(Metadata metadata, KafkaSettings settings) {
        return new CoordinatorTopic(
                metadata,
                GroupRecordFormat.TOPIC,
                "producer",
                settings.getInt("offsets.topic.num.partitions"),
                settings.getInt("offsets.topic.segment.bytes"));
    }

    /** Where transactional ids are kept. */
    static CoordinatorTopic ofTransactions(Metadata metadata, KafkaSettings settings) {
        return new CoordinatorTopic(
                metadata,
                TransactionRecordFormat.TOPIC,
                "uncompressed",
                settings.getInt("transaction.state.log.num.partitions"),
                settings.getInt("transaction.state.log.segment.bytes"));
    }

    private Optional<Topic> find() {
        return metadata.image().topic(name);
    }

    /** The topic as soon as it is there, empty if it cannot be made; never fails. */
    public CompletableFuture<Optional<Topic>> findOrCreate() {
        Optional<Topic> topic = find();
        return topic.isPresent()
                ? CompletableFuture.completedFuture(topic)
                : create().handle((done, failure) -> find());
    }

    /** Joins the creation under way, if there is one. */
    private CompletableFuture<Void> create() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> current = creation.updateAndGet(last -> last.isDone() ? mine : last);
        if (current == mine) {
            var unused = metadata.controller().createTopics(request()).whenComplete((response, failure) -> {
                if (failure != null) {
                    logger.warn("{} cannot be created", name, failure);
                } else {
                    logger.debug("created {}: {}", name, response);
                }
                mine.complete(null);
            });
        }
        return current;
    }

    private CreateTopicsRequestData request() {
        CreatableTopic topic =
                new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) 1);
        topic.configs().add(new CreatableTopicConfig().setName("cleanup.policy").setValue("compact"));
        topic.configs()
                .add(new CreatableTopicConfig().setName("compression.type").setValue(compression));
        topic.configs()
                .add(new CreatableTopicConfig().setName("segment.bytes").setValue(Integer.toString(segmentBytes)));
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
        request.topics().add(topic);
        return request;
    }
}
