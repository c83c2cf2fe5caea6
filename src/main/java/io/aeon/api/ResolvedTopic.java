package io.aeon.api;

import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A topic that a request names, or the error of a name or id that has no topic. */
public final class ResolvedTopic {
    static final ResolvedTopic UNKNOWN_NAME = new ResolvedTopic(null, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    static final ResolvedTopic UNKNOWN_ID = new ResolvedTopic(null, Errors.UNKNOWN_TOPIC_ID);
    static final ResolvedTopic INCONSISTENT_ID = new ResolvedTopic(null, Errors.INCONSISTENT_TOPIC_ID);
    static final ResolvedTopic INVALID_NAME = new ResolvedTopic(null, Errors.INVALID_TOPIC_EXCEPTION);

    private final @Nullable Topic topic;
    private final Errors error;

    private ResolvedTopic(@Nullable Topic topic, Errors error) {
        this.topic = topic;
        this.error = error;
    }

    static ResolvedTopic of(Topic topic) {
        return new ResolvedTopic(topic, Errors.NONE);
    }

    public boolean exists() {
        return topic != null;
    }

    /** Why the topic does not exist; NONE if it exists. */
    public Errors error() {
        return error;
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
