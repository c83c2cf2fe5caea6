package io.aeon.metrics;

import io.aeon.broker.group.GroupCoordinators;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.command.OffsetFetchResult;
import io.aeon.logging.Printable;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * The groups that this broker coordinates, with the names of the usual lag exporter. The lag is known for partitions of
 * which this broker has a replica.
 */
final class GroupMetrics {
    /** The number of groups with metrics of their own. */
    static final int MOST_GROUPS = 1_000;

    private static final int LONGEST_NAME = 256;
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Families families;

    private GroupMetrics(Families families) {
        this.families = families;
    }

    static void collect(GroupCoordinators groups, PartitionSurvey survey, Families families) {
        List<GroupListing> listings = within(groups.list(), List.of());
        GroupMetrics metrics = new GroupMetrics(families);
        metrics.ofStates(listings);
        Map<String, OffsetFetchResult> offsets = offsets(groups, listings);
        CommittedOffsets.of(offsets, ends(survey)).collect(families);
    }

    private static <T> T within(CompletableFuture<T> answer, T otherwise) {
        return answer.exceptionally(failure -> otherwise)
                .completeOnTimeout(otherwise, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private void ofStates(List<GroupListing> listings) {
        Map<Labels, Long> counts = listings.stream()
                .collect(Collectors.groupingBy(
                        group -> Labels.of(
                                "protocol", group.type().toString().toLowerCase(Locale.ROOT), "state", group.state()),
                        Collectors.counting()));
        families.gauges(
                "aeon_groups",
                "Groups that this broker coordinates.",
                counts.entrySet(),
                Map.Entry::getKey,
                Map.Entry::getValue);
        families.gauge(
                "aeon_metrics_omitted_groups",
                "Groups of this broker that have no metrics of their own, because there are too many.",
                Math.max(0, listings.size() - MOST_GROUPS));
    }

    /** The answers of the groups that answer in time, by label text; the first group of two with the same text. */
    private static Map<String, OffsetFetchResult> offsets(GroupCoordinators groups, List<GroupListing> listings) {
        Map<String, CompletableFuture<OffsetFetchResult>> asked = new LinkedHashMap<>();
        listings.stream()
                .sorted(Comparator.comparing(GroupListing::groupId))
                .limit(MOST_GROUPS)
                .forEach(group -> asked.computeIfAbsent(
                        text(group.groupId()),
                        text -> groups.ask(group.groupId(), reply -> new FetchOffsets(null, -1, null, reply))));
        within(
                CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
                        .thenApply(done -> true),
                false);
        Map<String, OffsetFetchResult> answered = new TreeMap<>();
        asked.forEach((text, answer) -> {
            if (answer.isDone() && !answer.isCompletedExceptionally()) {
                answered.put(text, answer.join());
            }
        });
        return answered;
    }

    private static String text(String groupId) {
        String shown = groupId.length() <= LONGEST_NAME ? groupId : groupId.substring(0, LONGEST_NAME) + "...";
        return Printable.of(shown);
    }

    private static Map<TopicPartition, Long> ends(PartitionSurvey survey) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        survey.views().forEach(view -> {
            Description log = view.log();
            if (log != null) {
                ends.put(view.partition(), log.highWatermark());
            }
        });
        return ends;
    }
}
