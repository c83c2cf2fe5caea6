package io.aeon.api.topics;

import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.metadata.Metadata;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;

/** Creates the topics that a Metadata request names and that do not exist. */
final class TopicAutoCreation {
    private static final int TIMEOUT_MS = 30_000;

    private final Metadata metadata;

    TopicAutoCreation(Metadata metadata) {
        this.metadata = metadata;
    }

    /**
     * Creates those of {@code names} that clients may create, with the broker's defaults. Kafka answers before the
     * topic exists, and the client asks again. Here the future completes when the topic exists, which saves the client
     * the retry.
     *
     * @return for each name that still does not exist, the reason
     */
    CompletableFuture<Map<String, Errors>> create(Collection<String> names) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
        List<String> creatable =
                names.stream().filter(TopicAutoCreation::isCreatable).toList();
        creatable.forEach(name -> request.topics()
                .add(new CreatableTopic().setName(name).setNumPartitions(-1).setReplicationFactor((short) -1)));
        return metadata.controller()
                .createTopics(request)
                .exceptionally(failure -> new CreateTopicsResponseData())
                .thenApply(response -> missing(names, response));
    }

    private Map<String, Errors> missing(Collection<String> names, CreateTopicsResponseData response) {
        TopicResolver topics = new TopicResolver(metadata.image());
        Map<String, Errors> missing = new HashMap<>();
        for (String name : names) {
            ResolvedTopic topic = topics.described(name);
            if (!topic.exists()) {
                missing.put(name, reason(response, topic, name));
            }
        }
        return missing;
    }

    /** The coordinators create their internal topics themselves, with the settings that they need. */
    private static boolean isCreatable(String name) {
        return TopicResolver.isValid(name)
                && !Topic.isInternal(name)
                && !name.equals(Topic.CLUSTER_METADATA_TOPIC_NAME);
    }

    private static Errors reason(CreateTopicsResponseData response, ResolvedTopic topic, String name) {
        CreatableTopicResult result = response.topics().find(name);
        boolean invalid = result != null && result.errorCode() == Errors.INVALID_TOPIC_EXCEPTION.code();
        return invalid ? Errors.INVALID_TOPIC_EXCEPTION : topic.error();
    }
}
