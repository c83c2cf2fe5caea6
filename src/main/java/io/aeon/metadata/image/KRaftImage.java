package io.aeon.metadata.image;

import io.aeon.metadata.ClusterImage;
import java.util.AbstractCollection;
import java.util.AbstractList;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.DirectoryId;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.TopicImage;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.server.common.GroupVersion;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.common.TransactionVersion;
import org.apache.kafka.server.immutable.ImmutableMap;
import org.jspecify.annotations.Nullable;

/**
 * Presents Kafka's metadata image as a {@link ClusterImage}. It converts on access, so that a new image of 100,000
 * partitions costs nothing.
 */
public final class KRaftImage implements ClusterImage {
    private final String clusterId;
    private final MetadataImage image;
    /** Collected when they are asked for the first time. */
    private volatile @Nullable Collection<String> configuredGroups;

    private volatile @Nullable Map<String, Map<String, String>> metricsSubscriptions;

    public KRaftImage(String clusterId, MetadataImage image) {
        this.clusterId = clusterId;
        this.image = image;
    }

    public MetadataImage kafka() {
        return image;
    }

    @Override
    public String clusterId() {
        return clusterId;
    }

    @Override
    public long offset() {
        return image.highestOffsetAndEpoch().offset();
    }

    @Override
    public Map<String, Short> finalizedFeatures() {
        Map<String, Short> features = new TreeMap<>(image.features().finalizedVersions());
        image.features()
                .metadataVersion()
                .ifPresent(version -> features.put(MetadataVersion.FEATURE_NAME, version.featureLevel()));
        return features;
    }

    @Override
    public boolean allowsConsumerProtocol() {
        return level(GroupVersion.FEATURE_NAME) >= GroupVersion.GV_1.featureLevel();
    }

    @Override
    public short transactionVersion() {
        return level(TransactionVersion.FEATURE_NAME);
    }

    private short level(String feature) {
        return image.features().finalizedVersions().getOrDefault(feature, (short) 0);
    }

    @Override
    public Collection<Broker> brokers() {
        return image.cluster().brokers().values().stream()
                .map(KRaftImage::broker)
                .toList();
    }

    @Override
    public Optional<Broker> broker(int id) {
        return Optional.ofNullable(image.cluster().broker(id)).map(KRaftImage::broker);
    }

    private static Broker broker(BrokerRegistration broker) {
        Map<String, Endpoint> endpoints = new TreeMap<>();
        broker.listeners().forEach((name, at) -> endpoints.put(name, new Endpoint(at.host(), at.port())));
        return new Broker(
                broker.id(),
                broker.epoch(),
                broker.rack(),
                endpoints,
                broker.fenced(),
                broker.inControlledShutdown(),
                broker.directories());
    }

    @Override
    public Collection<Topic> topics() {
        return new Topics(image.topics().topicsByName());
    }

    @Override
    public Optional<Topic> topic(String name) {
        return Optional.ofNullable(image.topics().getTopic(name)).map(KRaftImage::topic);
    }

    @Override
    public Optional<Topic> topic(Uuid id) {
        return Optional.ofNullable(image.topics().getTopic(id)).map(KRaftImage::topic);
    }

    @Override
    public Map<String, String> topicOverrides(String name) {
        return overrides(ConfigResource.Type.TOPIC, name);
    }

    @Override
    public Map<String, String> brokerOverrides(String brokerId) {
        return overrides(ConfigResource.Type.BROKER, brokerId);
    }

    @Override
    public Map<String, String> groupOverrides(String groupId) {
        return overrides(ConfigResource.Type.GROUP, groupId);
    }

    @Override
    public Collection<String> configuredGroups() {
        Collection<String> groups = configuredGroups;
        if (groups == null) {
            groups = configured(ConfigResource.Type.GROUP).toList();
            configuredGroups = groups;
        }
        return groups;
    }

    @Override
    public Map<ClientQuotaEntity, Map<String, Double>> clientQuotas() {
        return image.clientQuotas().entities().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entity -> entity.getValue().quotas()));
    }

    @Override
    public DescribeClientQuotasResponseData describeClientQuotas(DescribeClientQuotasRequestData request) {
        return image.clientQuotas().describe(request);
    }

    @Override
    public int scramCredentials() {
        return ScramChanges.count(image.scram());
    }

    @Override
    public DescribeUserScramCredentialsResponseData describeScramCredentials(
            DescribeUserScramCredentialsRequestData request) {
        return image.scram().describe(request);
    }

    @Override
    public Map<String, Map<String, String>> metricsSubscriptions() {
        Map<String, Map<String, String>> subscriptions = metricsSubscriptions;
        if (subscriptions == null) {
            subscriptions = configured(ConfigResource.Type.CLIENT_METRICS)
                    .collect(Collectors.toUnmodifiableMap(
                            name -> name, name -> overrides(ConfigResource.Type.CLIENT_METRICS, name)));
            metricsSubscriptions = subscriptions;
        }
        return subscriptions;
    }

    private Stream<String> configured(ConfigResource.Type type) {
        return image.configs().resourceData().keySet().stream()
                .filter(resource -> resource.type() == type)
                .map(ConfigResource::name);
    }

    private Map<String, String> overrides(ConfigResource.Type type, String name) {
        return image.configs().configMapForResource(new ConfigResource(type, name));
    }

    private static Topic topic(TopicImage topic) {
        return new Topic(topic.name(), topic.id(), new Partitions(topic.partitions()));
    }

    private static Partition partition(int index, PartitionRegistration partition) {
        return new Partition(
                index,
                partition.partitionEpoch,
                partition.leader,
                partition.leaderEpoch,
                new Ints(partition.replicas),
                new Ints(partition.isr),
                new Eligible(new Ints(partition.elr), new Ints(partition.lastKnownElr)),
                new Directories(partition.directories));
    }

    private static final class Topics extends AbstractCollection<Topic> {
        private final ImmutableMap<String, TopicImage> byName;

        Topics(ImmutableMap<String, TopicImage> byName) {
            this.byName = byName;
        }

        @Override
        public Iterator<Topic> iterator() {
            Iterator<TopicImage> topics = byName.values().iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return topics.hasNext();
                }

                @Override
                public Topic next() {
                    return topic(topics.next());
                }
            };
        }

        @Override
        public int size() {
            return byName.size();
        }
    }

    private static final class Partitions extends AbstractList<Partition> {
        private final Map<Integer, PartitionRegistration> byIndex;

        Partitions(Map<Integer, PartitionRegistration> byIndex) {
            this.byIndex = byIndex;
        }

        @Override
        public Partition get(int index) {
            PartitionRegistration partition = byIndex.get(index);
            if (partition == null) {
                throw new IndexOutOfBoundsException("partition " + index + " of " + byIndex.size());
            }
            return partition(index, partition);
        }

        @Override
        public int size() {
            return byIndex.size();
        }
    }

    /** Kafka's reserved ids but one say that no directory is recorded. */
    private static final class Directories extends AbstractList<Uuid> {
        private final Uuid[] values;

        Directories(Uuid[] values) {
            this.values = values;
        }

        @Override
        public Uuid get(int index) {
            Uuid id = values[index];
            return DirectoryId.reserved(id) && !id.equals(Partition.LOST) ? Uuid.ZERO_UUID : id;
        }

        @Override
        public int size() {
            return values.length;
        }
    }

    private static final class Ints extends AbstractList<Integer> {
        private final int[] values;

        Ints(int[] values) {
            this.values = values;
        }

        @Override
        public Integer get(int index) {
            return values[index];
        }

        @Override
        public int size() {
            return values.length;
        }
    }
}
