package io.aeon.api.topics;

import io.aeon.api.AnswerEntries;
import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.AuthorizedOperations;
import io.aeon.api.BrokerNodes;
import io.aeon.api.ErrorReplies;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.api.groups.CoordinatorTopic;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Metadata: brokers and topics, by name or by id (KIP-516), with auto-creation (KIP-204). */
public final class MetadataHandler implements ApiHandler<MetadataRequestData> {
    private static final short FIRST_VERSION_WITH_NULL_FOR_ALL = 1;
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 12;
    private static final short LAST_VERSION_WITH_CLUSTER_OPERATIONS = 10;

    private final Metadata metadata;
    private final Partitions partitions;
    private final boolean autoCreate;
    private final TopicAutoCreation autoCreation;

    /**
     * @param autoCreate whether a request creates the missing topics that it names ({@code auto.create.topics.enable})
     * @param limit for the topics that are created
     * @param coordinatorTopics the internal topics that a request creates as well
     * @param pool builds the answers to requests that have waited for a topic
     */
    public MetadataHandler(
            Metadata metadata,
            Partitions partitions,
            boolean autoCreate,
            PartitionLimit limit,
            List<CoordinatorTopic> coordinatorTopics,
            Executor pool) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.autoCreate = autoCreate;
        this.autoCreation = new TopicAutoCreation(metadata, limit, coordinatorTopics, pool);
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.METADATA;
    }

    @Override
    public long answerBytes(MetadataRequestData request, short version) {
        ClusterImage image = metadata.image();
        if (isForAll(request, version)) {
            return AnswerSizes.ofTopics(image.topics().stream());
        }
        Set<Uuid> ids = ids(request);
        return AnswerSizes.ofTopics(
                ids.isEmpty()
                        ? names(request).stream().flatMap(name -> image.topic(name).stream())
                        : ids.stream().flatMap(id -> image.topic(id).stream()));
    }

    @Override
    public CompletionStage<Reply> handle(MetadataRequestData request, RequestContext context) {
        try {
            validate(request, context.version());
        } catch (ApiException e) {
            return CompletableFuture.completedFuture(
                    ErrorReplies.of(key(), context.version(), request, e).orElseThrow());
        }
        if (isForAll(request, context.version())) {
            return CompletableFuture.completedFuture(Reply.of(withAllTopics(request, context)));
        }
        Set<Uuid> ids = ids(request);
        return ids.isEmpty()
                ? byName(request, context)
                : CompletableFuture.completedFuture(Reply.of(byId(ids, request, context)));
    }

    private static void validate(MetadataRequestData request, short version) {
        if (request.topics() == null) {
            return;
        }
        if (version >= FIRST_VERSION_WITH_TOPIC_IDS) {
            requireNamesOrIds(request.topics());
            return;
        }
        for (MetadataRequestTopic topic : request.topics()) {
            if (topic.name() == null) {
                throw new InvalidRequestException("Topic name can not be null for version " + version);
            }
            if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
                throw new InvalidRequestException("Topic IDs are not supported in requests for version " + version);
            }
        }
    }

    /**
     * If any topic has an id, names are ignored. Otherwise a null name fails as in Kafka, with UNKNOWN_SERVER_ERROR.
     */
    private static void requireNamesOrIds(List<MetadataRequestTopic> topics) {
        boolean byName = topics.stream().allMatch(topic -> topic.topicId().equals(Uuid.ZERO_UUID));
        if (byName && topics.stream().anyMatch(topic -> topic.name() == null)) {
            throw new UnknownServerException("Neither topic name nor id were specified.");
        }
    }

    private static boolean isForAll(MetadataRequestData request, short version) {
        return request.topics() == null || (request.topics().isEmpty() && version < FIRST_VERSION_WITH_NULL_FOR_ALL);
    }

    private static Set<Uuid> ids(MetadataRequestData request) {
        Set<Uuid> ids = new LinkedHashSet<>();
        request.topics().forEach(topic -> ids.add(topic.topicId()));
        ids.remove(Uuid.ZERO_UUID);
        return ids;
    }

    private static Set<String> names(MetadataRequestData request) {
        Set<String> names = new LinkedHashSet<>();
        request.topics().stream()
                .map(MetadataRequestTopic::name)
                .filter(Objects::nonNull)
                .forEach(names::add);
        return names;
    }

    private MetadataResponseData withAllTopics(MetadataRequestData request, RequestContext context) {
        ClusterImage image = metadata.image();
        MetadataResponseData response = response(request, context);
        ReplicaBrokers brokers = ReplicaBrokers.seenFrom(context.connection(), metadata);
        image.topics().forEach(topic -> response.topics().add(described(topic, request, brokers, context.version())));
        return response;
    }

    private MetadataResponseData byId(Set<Uuid> ids, MetadataRequestData request, RequestContext context) {
        TopicResolver topics = new TopicResolver(metadata.image());
        MetadataResponseData response = response(request, context);
        ReplicaBrokers brokers = ReplicaBrokers.seenFrom(context.connection(), metadata);
        ids.forEach(id -> {
            ResolvedTopic topic = topics.byId(id);
            response.topics()
                    .add(
                            topic.exists()
                                    ? described(topic.topic(), request, brokers, context.version())
                                    : new AnswerEntries.MetadataTopic()
                                            .setErrorCode(topic.error().code())
                                            .setName(null)
                                            .setTopicId(id));
        });
        return response;
    }

    private CompletionStage<Reply> byName(MetadataRequestData request, RequestContext context) {
        TopicResolver topics = new TopicResolver(metadata.image());
        Set<String> names = names(request);
        List<String> missing =
                names.stream().filter(name -> !topics.byName(name).exists()).toList();
        boolean create = autoCreate && request.allowAutoTopicCreation() && !missing.isEmpty();
        return (create
                        ? autoCreation.create(
                                missing, context.connection().remote().getAddress())
                        : CompletableFuture.completedFuture(Map.<String, Errors>of()))
                .thenApply(refused -> Reply.of(named(names, refused, request, context)));
    }

    private MetadataResponseData named(
            Collection<String> names,
            Map<String, Errors> refused,
            MetadataRequestData request,
            RequestContext context) {
        TopicResolver topics = new TopicResolver(metadata.image());
        MetadataResponseData response = response(request, context);
        ReplicaBrokers brokers = ReplicaBrokers.seenFrom(context.connection(), metadata);
        names.forEach(name -> {
            ResolvedTopic topic = topics.described(name);
            response.topics()
                    .add(
                            topic.exists()
                                    ? described(topic.topic(), request, brokers, context.version())
                                    : new AnswerEntries.MetadataTopic()
                                            .setErrorCode(refused.getOrDefault(name, topic.error())
                                                    .code())
                                            .setName(name)
                                            .setIsInternal(Topic.isInternal(name)));
        });
        return response;
    }

    private MetadataResponseData response(MetadataRequestData request, RequestContext context) {
        BrokerNodes nodes = BrokerNodes.seenFrom(context.connection(), metadata);
        MetadataResponseData response = new MetadataResponseData()
                .setClusterId(metadata.image().clusterId())
                .setControllerId(nodes.controller());
        nodes.inService()
                .forEach(node -> response.brokers()
                        .add(new MetadataResponseBroker()
                                .setNodeId(node.id())
                                .setHost(node.host())
                                .setPort(node.port())
                                .setRack(node.rack())));
        if (request.includeClusterAuthorizedOperations() && context.version() <= LAST_VERSION_WITH_CLUSTER_OPERATIONS) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        return response;
    }

    private MetadataResponseTopic described(
            ClusterImage.Topic topic, MetadataRequestData request, ReplicaBrokers brokers, short version) {
        return new AnswerEntries.MetadataTopic()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setIsInternal(Topic.isInternal(topic.name()))
                .setTopicAuthorizedOperations(
                        request.includeTopicAuthorizedOperations()
                                ? AuthorizedOperations.TOPIC
                                : AuthorizedOperations.OMITTED)
                .setPartitions(topic.partitions().stream()
                        .map(partition -> described(topic.name(), partition, brokers, version))
                        .toList());
    }

    private MetadataResponsePartition described(
            String topic, ClusterImage.Partition partition, ReplicaBrokers brokers, short version) {
        Availability availability = Availability.of(topic, partition, partitions, brokers);
        return new MetadataResponsePartition()
                .setErrorCode(availability.error(version).code())
                .setPartitionIndex(partition.index())
                .setLeaderId(availability.leader())
                .setLeaderEpoch(partition.leaderEpoch())
                .setReplicaNodes(partition.replicas())
                .setIsrNodes(partition.isr())
                .setOfflineReplicas(availability.offlineReplicas());
    }
}
