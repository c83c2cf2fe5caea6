package io.aeon.api.groups;

import io.aeon.coordinator.group.GroupLog;
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

/** The offsets topic, which is made when the first client looks for its coordinator. Thread-safe. */
final class OffsetsTopic {
    private static final Logger logger = LoggerFactory.getLogger(OffsetsTopic.class);
    private static final int TIMEOUT_MS = 30_000;

    private final Metadata metadata;
    private final int partitions;
    private final int segmentBytes;
    private final AtomicReference<CompletableFuture<Void>> creation =
            new AtomicReference<>(CompletableFuture.completedFuture(null));

    OffsetsTopic(Metadata metadata, int partitions, int segmentBytes) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.segmentBytes = segmentBytes;
    }

    private Optional<Topic> find() {
        return metadata.image().topic(GroupLog.TOPIC);
    }

    /** The topic as soon as it is there, empty if it cannot be made; never fails. */
    CompletableFuture<Optional<Topic>> findOrCreate() {
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
            var unused = metadata.createTopics(request()).whenComplete((response, failure) -> {
                if (failure != null) {
                    logger.warn("{} cannot be created", GroupLog.TOPIC, failure);
                } else {
                    logger.debug("created {}: {}", GroupLog.TOPIC, response);
                }
                mine.complete(null);
            });
        }
        return current;
    }

    private CreateTopicsRequestData request() {
        CreatableTopic topic = new CreatableTopic()
                .setName(GroupLog.TOPIC)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) 1);
        topic.configs().add(new CreatableTopicConfig().setName("cleanup.policy").setValue("compact"));
        topic.configs()
                .add(new CreatableTopicConfig().setName("compression.type").setValue("producer"));
        topic.configs()
                .add(new CreatableTopicConfig().setName("segment.bytes").setValue(Integer.toString(segmentBytes)));
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
        request.topics().add(topic);
        return request;
    }
}
