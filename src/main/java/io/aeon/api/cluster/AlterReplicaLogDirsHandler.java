package io.aeon.api.cluster;

import io.aeon.api.ApiErrors;
import io.aeon.api.ApiHandler;
import io.aeon.api.PartitionOrder;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.TopicResolver;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.Disks;
import io.aeon.broker.partition.ReplicaMover;
import io.aeon.broker.partition.directory.FutureDirectories;
import io.aeon.metadata.Metadata;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * AlterReplicaLogDirs (KIP-113): begins to move partitions between the broker's data directories. If a request names a
 * partition several times, the last one counts, as in Kafka.
 */
public final class AlterReplicaLogDirsHandler implements ApiHandler<AlterReplicaLogDirsRequestData> {
    private final Metadata metadata;
    private final Disks disks;
    private final ReplicaMover mover;

    public AlterReplicaLogDirsHandler(Metadata metadata, Disks disks, ReplicaMover mover) {
        this.metadata = metadata;
        this.disks = disks;
        this.mover = mover;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ALTER_REPLICA_LOG_DIRS;
    }

    @Override
    public CompletionStage<Reply> handle(AlterReplicaLogDirsRequestData request, RequestContext context) {
        TopicResolver topics = new TopicResolver(metadata.image());
        Map<TopicPartition, String> paths = new TreeMap<>(PartitionOrder.BY_NAME);
        request.dirs()
                .forEach(dir -> dir.topics()
                        .forEach(topic -> topic.partitions()
                                .forEach(partition ->
                                        paths.put(new TopicPartition(topic.name(), partition), dir.path()))));
        Map<TopicPartition, CompletableFuture<Errors>> results = new TreeMap<>(PartitionOrder.BY_NAME);
        paths.forEach((partition, path) -> results.put(partition, move(topics, path, partition)));
        return CompletableFuture.allOf(results.values().toArray(CompletableFuture[]::new))
                .thenApply(all -> answer(results));
    }

    private CompletableFuture<Errors> move(TopicResolver topics, String path, TopicPartition partition) {
        Disk target = disks.usable().stream()
                .filter(disk -> disk.directory().toString().equals(path)
                        && disk.health().problem().isEmpty())
                .findFirst()
                .orElse(null);
        Errors error = check(topics, path, target, partition);
        return error != Errors.NONE || target == null
                ? CompletableFuture.completedFuture(error)
                : mover.move(partition, target).handle((nothing, failure) -> error(failure));
    }

    /** The errors in Kafka's order. */
    private Errors check(TopicResolver topics, String path, @Nullable Disk target, TopicPartition partition) {
        if (!FutureDirectories.areNamable(partition)) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
        if (target == null) {
            boolean isKnown = disks.directories().stream()
                    .anyMatch(each -> each.toString().equals(path));
            return isKnown ? Errors.KAFKA_STORAGE_ERROR : Errors.LOG_DIR_NOT_FOUND;
        }
        return topics.byName(partition.topic()).error(partition.partition());
    }

    private static Errors error(@Nullable Throwable failure) {
        return failure == null ? Errors.NONE : ApiErrors.of(failure);
    }

    private static Reply answer(Map<TopicPartition, CompletableFuture<Errors>> results) {
        Map<String, AlterReplicaLogDirTopicResult> topics = new TreeMap<>();
        results.forEach((partition, error) -> topics.computeIfAbsent(
                        partition.topic(), name -> new AlterReplicaLogDirTopicResult().setTopicName(name))
                .partitions()
                .add(new AlterReplicaLogDirPartitionResult()
                        .setPartitionIndex(partition.partition())
                        .setErrorCode(error.join().code())));
        return Reply.of(new AlterReplicaLogDirsResponseData().setResults(List.copyOf(topics.values())));
    }
}
