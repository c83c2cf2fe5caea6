package io.aeon.api.topics;

import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.api.groups.CoordinatorTopic;
import io.aeon.metadata.Metadata;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Creates the topics that a Metadata request names and that do not exist. Thread-safe. */
final class TopicAutoCreation {
    private static final int TIMEOUT_MS = 30_000;
    /** The request may also name topics that exist, which a client must learn though no controller answers. */
    private static final int LONGEST_WAIT_MS = 2_000;

    private static final int BY_DEFAULT = -1;
    /** What the client hears as it is: no retry helps. Any other error is that of a topic that is not there yet. */
    private static final Set<Errors> TOLD = Set.of(Errors.INVALID_TOPIC_EXCEPTION, Errors.POLICY_VIOLATION);

    private static final CreateTopicsResponseData NOT_YET = new CreateTopicsResponseData();

    private final Metadata metadata;
    private final PartitionLimit limit;
    private final List<CoordinatorTopic> coordinatorTopics;
    private final CreationRate rate = new CreationRate(System::nanoTime);
    /** By the names of topics. While no controller answers, a client asks again and again. */
    private final ConcurrentMap<String, CompletableFuture<CreateTopicsResponseData>> underWay =
            new ConcurrentHashMap<>();

    private final Executor pool;

    /**
     * @param coordinatorTopics internal topics, which are created with settings of their own
     * @param pool runs what waits for the topics
     */
    TopicAutoCreation(
            Metadata metadata, PartitionLimit limit, List<CoordinatorTopic> coordinatorTopics, Executor pool) {
        this.metadata = metadata;
        this.limit = limit;
        this.coordinatorTopics = coordinatorTopics;
        this.pool = pool;
    }

    /**
     * Creates those of {@code names} that clients may create, with the broker's defaults. Kafka answers before the
     * topic exists, and the client asks again. Here the future completes when the topic exists, which saves the client
     * the retry, unless the clients of its address have created very many. After two seconds it completes in any case,
     * and the creation goes on; who asks for the topic meanwhile waits for that one.
     *
     * @param client address of the client that asks
     * @return for each name that still does not exist, the reason
     */
    CompletableFuture<Map<String, Errors>> create(Collection<String> names, @Nullable InetAddress client) {
        Map<String, CompletableFuture<CreateTopicsResponseData>> creations = new HashMap<>();
        List<String> fresh = new ArrayList<>();
        names.stream().filter(TopicAutoCreation::isCreatable).forEach(name -> {
            CompletableFuture<CreateTopicsResponseData> creation = underWay.get(name);
            if (creation == null) {
                fresh.add(name);
            } else {
                creations.put(name, creation);
            }
        });
        List<String> admitted = new ArrayList<>();
        fresh.subList(0, rate.take(client, fresh.size()))
                .forEach(name -> limit.ofTopic(name, BY_DEFAULT, Stream.empty(), false)
                        .ifPresentOrElse(
                                error -> creations.put(name, refused(name, error.error())), () -> admitted.add(name)));
        begin(admitted, creations);
        CompletableFuture<Void> created = CompletableFuture.allOf(
                        Set.copyOf(creations.values()).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, LONGEST_WAIT_MS, TimeUnit.MILLISECONDS);
        return created.thenCombineAsync(coordinatorTopics(names), (done, found) -> missing(names, creations), pool);
    }

    private static CompletableFuture<CreateTopicsResponseData> refused(String name, Errors error) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        response.topics().add(new CreatableTopicResult().setName(name).setErrorCode(error.code()));
        return CompletableFuture.completedFuture(response);
    }

    /** Asks the controller for those of {@code names} that no other request has asked for meanwhile. */
    private void begin(List<String> names, Map<String, CompletableFuture<CreateTopicsResponseData>> creations) {
        CompletableFuture<CreateTopicsResponseData> mine = new CompletableFuture<>();
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
        for (String name : names) {
            CompletableFuture<CreateTopicsResponseData> other = underWay.putIfAbsent(name, mine);
            creations.put(name, other == null ? mine : other);
            if (other == null) {
                request.topics()
                        .add(new CreatableTopic()
                                .setName(name)
                                .setNumPartitions(BY_DEFAULT)
                                .setReplicationFactor((short) BY_DEFAULT));
            }
        }
        if (!request.topics().isEmpty()) {
            var unused = metadata.controller().createTopics(request).whenComplete((response, failure) -> {
                names.forEach(name -> underWay.remove(name, mine));
                mine.complete(failure == null ? response : new CreateTopicsResponseData());
            });
        }
    }

    private CompletableFuture<Void> coordinatorTopics(Collection<String> names) {
        return CompletableFuture.allOf(coordinatorTopics.stream()
                .filter(topic -> names.contains(topic.name()))
                .map(CoordinatorTopic::findOrCreate)
                .toArray(CompletableFuture<?>[]::new));
    }

    private Map<String, Errors> missing(
            Collection<String> names, Map<String, CompletableFuture<CreateTopicsResponseData>> creations) {
        TopicResolver topics = new TopicResolver(metadata.image());
        Map<String, Errors> missing = new HashMap<>();
        for (String name : names) {
            ResolvedTopic topic = topics.described(name);
            if (!topic.exists()) {
                missing.put(name, reason(creations.get(name), topic, name));
            }
        }
        return missing;
    }

    /** Internal topics need settings of their own. */
    private static boolean isCreatable(String name) {
        return TopicResolver.isValid(name)
                && !Topic.isInternal(name)
                && !name.equals(Topic.CLUSTER_METADATA_TOPIC_NAME);
    }

    private static Errors reason(
            @Nullable CompletableFuture<CreateTopicsResponseData> creation, ResolvedTopic topic, String name) {
        CreatableTopicResult result =
                creation == null ? null : creation.getNow(NOT_YET).topics().find(name);
        Errors error = result == null ? Errors.NONE : Errors.forCode(result.errorCode());
        return TOLD.contains(error) ? error : topic.error();
    }
}
