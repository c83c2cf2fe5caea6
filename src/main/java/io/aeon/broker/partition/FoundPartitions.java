package io.aeon.broker.partition;

import io.aeon.storage.log.LogSummaries;
import io.aeon.storage.log.LogSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What the data directory holds at the start.
 *
 * @param withFiles all partitions that have a directory
 * @param highWatermarks the high watermarks of the last checkpoint, by the directories' names
 * @param closedInOrder those that the last stop left a summary of, by their directories' names
 */
public record FoundPartitions(
        List<TopicPartition> withFiles,
        Map<String, Long> highWatermarks,
        Map<String, LogSummaries.Entry> closedInOrder) {

    /** Puts all together; {@code summaries} has one for each directory at most. */
    public static FoundPartitions of(
            List<TopicPartition> withFiles, Map<String, Long> highWatermarks, List<LogSummaries.Entry> summaries) {
        return new FoundPartitions(
                withFiles,
                highWatermarks,
                summaries.stream().collect(Collectors.toMap(LogSummaries.Entry::directory, Function.identity())));
    }

    /**
     * The summary of a partition's log, if it is that of this topic and goes by these settings.
     *
     * @param settings fingerprint of the log's settings
     */
    public Optional<LogSummary> summary(TopicPartition partition, Uuid topicId, int settings) {
        return Optional.ofNullable(closedInOrder.get(partition.toString()))
                .filter(entry -> entry.owner().equals(topicId.toString()) && entry.settings() == settings)
                .map(LogSummaries.Entry::log);
    }
}
