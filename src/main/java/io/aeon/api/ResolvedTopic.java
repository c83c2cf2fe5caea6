package io.aeon.api;

import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A topic that a request names, or the error of a name or id that has no topic. */
public final class ResolvedTopic {
    static final ResolvedTopic UNKNOWN_NAME = unknown(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    static final ResolvedTopic UNKNOWN_ID = unknown(Errors.UNKNOWN_TOPIC_ID);
    static final ResolvedTopic INCONSISTENT_ID = unknown(Errors.INCONSISTENT_TOPIC_ID);

    private final @Nullable Topic topic;
    private final Errors error;
    private final @Nullable String message;

    private ResolvedTopic(@Nullable Topic topic, Errors error, @Nullable String message) {
        this.topic = topic;
        this.error = error;
        this.message = message;
    }

    static ResolvedTopic of(Topic topic) {
        return new ResolvedTopic(topic, Errors.NONE, null);
    }

    static ResolvedTopic invalidName(InvalidTopicException why) {
        return new ResolvedTopic(null, Errors.INVALID_TOPIC_EXCEPTION, why.getMessage());
    }

    private static ResolvedTopic unknown(Errors error) {
        return new ResolvedTopic(null, error, error.message());
    }

    public boolean exists() {
        return topic != null;
    }

    /** Why the topic does not exist; NONE if it exists. */
    public Errors error() {
        return error;
    }

    /** Why the topic does not exist, in Kafka's words; null if it exists. */
    public @Nullable String message() {
        return message;
    }

    /**
     * Why the partition does not exist: the topic's error, or UNKNOWN_TOPIC_OR_PARTITION for an index out of range.
     * NONE if it exists.
     */
    public Errors error(int partition) {
        return topic == null || topic.has(partition) ? error : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /** @throws org.apache.kafka.common.errors.ApiException the exception of {@link #error()}, if that is not NONE */
    public Topic topic() {
        if (topic == null) {
            throw error.exception();
        }
        return topic;
    }

    /** @throws org.apache.kafka.common.errors.ApiException the exception of {@link #error(int)}, if that is not NONE */
    public Partition partition(int index) {
        Errors refused = error(index);
        if (refused != Errors.NONE) {
            throw refused.exception();
        }
        return topic().partitions().get(index);
    }
}
