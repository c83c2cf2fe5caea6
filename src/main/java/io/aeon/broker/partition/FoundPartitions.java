package io.aeon.broker.partition;

import io.aeon.storage.log.LogSummaries;
import io.aeon.storage.log.LogSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The partitions in a data directory at the start.
 *
 * @param withFiles all partitions that have a directory
 * @param unexpected those of {@code withFiles} that the metadata does not record in this data directory
 * @param movedHere partitions that were being copied to this data directory
 * @param highWatermarks high watermarks of the last checkpoint, by the name of the partition's directory
 * @param closedInOrder summaries that the last stop left, by the name of the partition's directory
 */
public record FoundPartitions(
        List<TopicPartition> withFiles,
        Set<TopicPartition> unexpected,
        Set<TopicPartition> movedHere,
        Map<String, Long> highWatermarks,
        Map<String, LogSummaries.Entry> closedInOrder) {

    /** Combines them; {@code summaries} has at most one entry for each directory. */
    public static FoundPartitions of(
            List<TopicPartition> withFiles,
            Set<TopicPartition> unexpected,
            Set<TopicPartition> movedHere,
            Map<String, Long> highWatermarks,
            List<LogSummaries.Entry> summaries) {
        return new FoundPartitions(
                withFiles,
                unexpected,
                movedHere,
                highWatermarks,
                summaries.stream().collect(Collectors.toMap(LogSummaries.Entry::directory, Function.identity())));
    }

    /**
     * The summary of a partition's log, if it belongs to this topic id and was made with these settings.
     *
     * @param settings fingerprint of the log's settings
     */
    public Optional<LogSummary> summary(TopicPartition partition, Uuid topicId, int settings) {
        return Optional.ofNullable(closedInOrder.get(partition.toString()))
                .filter(entry -> entry.owner().equals(topicId.toString()) && entry.settings() == settings)
                .map(LogSummaries.Entry::log);
    }
}
