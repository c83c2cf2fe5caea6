package io.aeon.metrics;

import io.aeon.broker.BrokerServices;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.Partitions.Condition;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Looks at the partitions of this broker at one moment, and wakes none that rests. Not thread-safe. */
final class PartitionSurvey {
    /** The number of partitions with metrics of their own. */
    static final int MOST = 10_000;

    /** The longest wait for partitions that are busy. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final ClusterImage image;
    private final int self;
    private final BrokerServices services;
    private final Map<Condition, Integer> conditions = new EnumMap<>(Condition.class);
    private final List<Standing> all = new ArrayList<>();
    private final List<PartitionView> views = new ArrayList<>();

    /** A partition whose answer is under way. */
    private record Asked(TopicPartition partition, Standing standing, Optional<CompletableFuture<Description>> log) {}

    private PartitionSurvey(Metadata metadata, BrokerServices services) {
        this.image = metadata.image();
        this.self = metadata.nodeId();
        this.services = services;
    }

    static PartitionSurvey of(Metadata metadata, BrokerServices services) {
        PartitionSurvey survey = new PartitionSurvey(metadata, services);
        survey.look();
        return survey;
    }

    /** All partitions of this broker. */
    List<Standing> all() {
        return all;
    }

    /** The partitions of the first topics by name, at most {@link #MOST}, sorted by label. */
    List<PartitionView> views() {
        return views;
    }

    /** The number of all partitions of this broker that do this. */
    int count(Condition condition) {
        return conditions.getOrDefault(condition, 0);
    }

    private void look() {
        List<Asked> asked = new ArrayList<>();
        image.topics().stream()
                .sorted(Comparator.comparing(Topic::name))
                .forEach(topic -> topic.partitions().stream()
                        .filter(state -> state.replicas().contains(self))
                        .forEach(state -> ask(topic.name(), state, asked)));
        await(asked);
        asked.forEach(each -> views.add(view(each)));
        views.sort(Comparator.comparing(PartitionView::labels));
    }

    private void ask(String topic, Partition state, List<Asked> asked) {
        TopicPartition partition = new TopicPartition(topic, state.index());
        Standing standing =
                Standing.of(state, self, minInSync(topic, state.replicas().size()));
        all.add(standing);
        conditions.merge(services.partitions().condition(partition), 1, Integer::sum);
        if (asked.size() < MOST) {
            asked.add(new Asked(partition, standing, services.partitions().glance(partition)));
        }
    }

    /** The settings of a topic are computed at their first use, which a partition without copies is not worth. */
    private int minInSync(String topic, int replicas) {
        return replicas == 1
                ? 1
                : Math.min(services.topicSettings().of(image, topic).minInsyncReplicas(), replicas);
    }

    private static void await(List<Asked> asked) {
        CompletableFuture<?>[] logs =
                asked.stream().flatMap(each -> each.log().stream()).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(logs)
                .exceptionally(failure -> null)
                .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private static PartitionView view(Asked asked) {
        TopicPartition partition = asked.partition();
        return new PartitionView(
                partition,
                Labels.of("topic", partition.topic(), "partition", Integer.toString(partition.partition())),
                asked.standing(),
                asked.log().map(PartitionSurvey::now).orElse(null));
    }

    private static @Nullable Description now(CompletableFuture<Description> log) {
        return log.isDone() && !log.isCompletedExceptionally() ? log.join() : null;
    }
}
