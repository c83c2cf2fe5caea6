package io.aeon.api;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Topic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;

/**
 * Resolves the topics of a request against one state of the metadata. All handlers learn here what a name or an id
 * means, and which Kafka error an unknown one gets. Immutable.
 */
public final class TopicResolver {
    private final ClusterImage image;

    public TopicResolver(ClusterImage image) {
        this.image = image;
    }

    /**
     * The topic as this version of an API names it.
     *
     * @param byId whether the API uses the topic id (KIP-516); then the name is ignored
     */
    public ResolvedTopic resolve(boolean byId, String name, Uuid id) {
        return byId ? byId(id) : byName(name);
    }

    /** The topic of a name. An unknown name is UNKNOWN_TOPIC_OR_PARTITION, even if it is an invalid one. */
    public ResolvedTopic byName(String name) {
        Topic topic = image.topic(name).orElse(null);
        return topic == null ? ResolvedTopic.UNKNOWN_NAME : ResolvedTopic.of(topic);
    }

    /** The topic of an id. An unknown id is UNKNOWN_TOPIC_ID. */
    public ResolvedTopic byId(Uuid id) {
        Topic topic = image.topic(id).orElse(null);
        return topic == null ? ResolvedTopic.UNKNOWN_ID : ResolvedTopic.of(topic);
    }

    /**
     * The topic of an id that had this name when a fetch session resolved it. The session keeps the name, as in Kafka:
     * after the topic is deleted, the error is UNKNOWN_TOPIC_OR_PARTITION, or INCONSISTENT_TOPIC_ID if another topic
     * has the name.
     */
    public ResolvedTopic byId(Uuid id, String formerName) {
        ResolvedTopic topic = byId(id);
        if (topic.exists()) {
            return topic;
        }
        return byName(formerName).exists() ? ResolvedTopic.INCONSISTENT_ID : ResolvedTopic.UNKNOWN_NAME;
    }

    /**
     * Like {@link #byName}, but a name that no topic can have is INVALID_TOPIC_EXCEPTION. The APIs that describe topics
     * use this error, so that the client does not retry.
     */
    public ResolvedTopic described(String name) {
        ResolvedTopic topic = byName(name);
        if (topic.exists()) {
            return topic;
        }
        try {
            org.apache.kafka.common.internals.Topic.validate(name);
            return topic;
        } catch (InvalidTopicException e) {
            return ResolvedTopic.invalidName(e);
        }
    }

    /** Whether a topic can have this name. */
    public static boolean isValid(String name) {
        try {
            org.apache.kafka.common.internals.Topic.validate(name);
            return true;
        } catch (InvalidTopicException e) {
            return false;
        }
    }
}
