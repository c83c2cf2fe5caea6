package io.aeon.api;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Topic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;

/**
 * What the topics of a request are in one state of the metadata: the one place where handlers learn what a name or an id
 * means and which of Kafka's errors says that it means nothing. Immutable.
 */
public final class TopicResolver {
    private final ClusterImage image;

    public TopicResolver(ClusterImage image) {
        this.image = image;
    }

    /**
     * The topic as this version of an API names it.
     *
     * @param byId whether by its id (KIP-516); then the name is not looked at
     */
    public ResolvedTopic resolve(boolean byId, String name, Uuid id) {
        return byId ? byId(id) : byName(name);
    }

    /** The topic of a name; UNKNOWN_TOPIC_OR_PARTITION if there is none, whether or not the name is a valid one. */
    public ResolvedTopic byName(String name) {
        Topic topic = image.topic(name).orElse(null);
        return topic == null ? ResolvedTopic.UNKNOWN_NAME : ResolvedTopic.of(topic);
    }

    /** The topic of an id; UNKNOWN_TOPIC_ID if there is none. */
    public ResolvedTopic byId(Uuid id) {
        Topic topic = image.topic(id).orElse(null);
        return topic == null ? ResolvedTopic.UNKNOWN_ID : ResolvedTopic.of(topic);
    }

    /**
     * The topic of an id that had this name when a fetch session resolved it. The session keeps to that name, as Kafka's
     * do: once the topic is deleted, the name is unknown, or it is another topic's and the answer is INCONSISTENT_TOPIC_ID.
     */
    public ResolvedTopic byId(Uuid id, String formerName) {
        ResolvedTopic topic = byId(id);
        if (topic.exists()) {
            return topic;
        }
        return byName(formerName).exists() ? ResolvedTopic.INCONSISTENT_ID : ResolvedTopic.UNKNOWN_NAME;
    }

    /**
     * As {@link #byName}, but a name that no topic can have is INVALID_TOPIC_EXCEPTION: the APIs that describe topics tell
     * a client so that it does not ask again.
     */
    public ResolvedTopic described(String name) {
        ResolvedTopic topic = byName(name);
        return topic.exists() || isValid(name) ? topic : ResolvedTopic.INVALID_NAME;
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
