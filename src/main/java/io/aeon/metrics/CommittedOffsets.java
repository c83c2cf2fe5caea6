package io.aeon.metrics;

import io.aeon.coordinator.group.command.OffsetFetchResult;
import io.aeon.coordinator.group.command.OffsetFetchResult.Fetched;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The committed offsets that have metrics of their own: those of a group in a topic all or none, so that no sum lacks a
 * part. Immutable.
 */
final class CommittedOffsets {
    /** The number of committed offsets with metrics of their own. */
    static final int MOST = 10_000;

    private final List<InTopic> topics;
    private final long omitted;

    /**
     * A committed offset.
     *
     * @param lag records behind it, null if the end of the partition is not known
     */
    private record Committed(
            Labels labels, long offset, @Nullable Long lag) {}

    /** All offsets of a group in a topic. */
    private record InTopic(Labels labels, List<Committed> offsets) {
        long offsetSum() {
            return offsets.stream().mapToLong(Committed::offset).sum();
        }

        /** Null if one of the lags is not known. */
        @Nullable
        Long lagSum() {
            long sum = 0;
            for (Committed each : offsets) {
                Long lag = each.lag();
                if (lag == null) {
                    return null;
                }
                sum += lag;
            }
            return sum;
        }
    }

    private CommittedOffsets(List<InTopic> topics, long omitted) {
        this.topics = topics;
        this.omitted = omitted;
    }

    /**
     * @param groups what the groups answered, by the text that is the label of the group
     * @param ends the ends of partitions, as far as they are known
     */
    static CommittedOffsets of(Map<String, OffsetFetchResult> groups, Map<TopicPartition, Long> ends) {
        List<InTopic> taken = new ArrayList<>();
        long[] counts = new long[2];
        groups.forEach((group, answer) -> byTopic(group, answer, ends).forEach((topic, offsets) -> {
            if (counts[0] + offsets.size() <= MOST) {
                counts[0] += offsets.size();
                taken.add(new InTopic(Labels.of("consumergroup", group, "topic", topic), offsets));
            } else {
                counts[1] += offsets.size();
            }
        }));
        return new CommittedOffsets(taken, counts[1]);
    }

    private static Map<String, List<Committed>> byTopic(
            String group, OffsetFetchResult answer, Map<TopicPartition, Long> ends) {
        Map<String, List<Committed>> byTopic = new TreeMap<>();
        for (Fetched fetched : answer.offsets()) {
            CommittedOffset offset = fetched.offset();
            if (offset != null) {
                TopicPartition partition = fetched.partition().topicPartition();
                byTopic.computeIfAbsent(partition.topic(), none -> new ArrayList<>())
                        .add(committed(group, partition, offset.offset(), ends.get(partition)));
            }
        }
        return byTopic;
    }

    /** The log may have lost records behind the offset, which are no negative lag. */
    private static Committed committed(String group, TopicPartition partition, long offset, @Nullable Long end) {
        return new Committed(
                Labels.of(
                        "consumergroup", group,
                        "topic", partition.topic(),
                        "partition", Integer.toString(partition.partition())),
                offset,
                end == null ? null : Math.max(0, end - offset));
    }

    void collect(Families families) {
        List<Committed> offsets =
                topics.stream().flatMap(topic -> topic.offsets().stream()).toList();
        families.gauges(
                "kafka_consumergroup_current_offset",
                "Committed offset of a group in a partition.",
                offsets,
                Committed::labels,
                Committed::offset);
        known(
                families,
                "kafka_consumergroup_lag",
                "Records behind the committed offset of a group in a partition.",
                offsets,
                Committed::labels,
                Committed::lag);
        families.gauges(
                "kafka_consumergroup_current_offset_sum",
                "Sum of the committed offsets of a group in a topic.",
                topics,
                InTopic::labels,
                InTopic::offsetSum);
        known(
                families,
                "kafka_consumergroup_lag_sum",
                "Records behind the committed offsets of a group in a topic.",
                topics,
                InTopic::labels,
                InTopic::lagSum);
        families.gauge(
                "aeon_metrics_omitted_offsets",
                "Committed offsets of this broker that have no metrics of their own, because there are too many.",
                omitted);
    }

    /** A gauge for each element whose value is not null. */
    private static <T> void known(
            Families families,
            String name,
            String help,
            List<T> of,
            Function<T, Labels> labels,
            Function<T, @Nullable Long> value) {
        Map<Labels, Long> values = new LinkedHashMap<>();
        for (T each : of) {
            Long known = value.apply(each);
            if (known != null) {
                values.put(labels.apply(each), known);
            }
        }
        families.gauges(name, help, values.entrySet(), Map.Entry::getKey, Map.Entry::getValue);
    }
}
