package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.TopicResolver;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.Disks;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/**
 * AlterReplicaLogDirs (KIP-113). A partition can only be told to stay in its data directory, because replicas cannot be
 * moved yet. If a request names a partition several times, the last one counts, as in Kafka.
 */
public final class AlterReplicaLogDirsHandler implements ApiHandler<AlterReplicaLogDirsRequestData> {
    private final Metadata metadata;
    private final Partitions partitions;
    private final Disks disks;

    public AlterReplicaLogDirsHandler(Metadata metadata, Partitions partitions, Disks disks) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.disks = disks;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ALTER_REPLICA_LOG_DIRS;
    }

    @Override
    public CompletionStage<Reply> handle(AlterReplicaLogDirsRequestData request, RequestContext context) {
        TopicResolver topics = new TopicResolver(metadata.image());
        Map<String, Map<Integer, Errors>> results = new TreeMap<>();
        request.dirs()
                .forEach(dir -> dir.topics()
                        .forEach(topic -> topic.partitions()
                                .forEach(partition -> results.computeIfAbsent(topic.name(), name -> new TreeMap<>())
                                        .put(partition, move(topics, dir.path(), topic.name(), partition)))));
        return CompletableFuture.completedFuture(answer(results));
    }

    private Errors move(TopicResolver topics, String directory, String topic, int partition) {
        if (disks.directories().stream().noneMatch(each -> each.toString().equals(directory))) {
            return Errors.LOG_DIR_NOT_FOUND;
        }
        Errors unknown = topics.byName(topic).error(partition);
        if (unknown != Errors.NONE) {
            return unknown;
        }
        TopicPartition moved = new TopicPartition(topic, partition);
        Optional<Disk> holding = disks.holding(moved);
        if (partitions.isOffline(moved) || holding.isEmpty()) {
            return Errors.KAFKA_STORAGE_ERROR;
        }
        boolean stays = holding.get().directory().toString().equals(directory);
        return stays ? Errors.NONE : Errors.REPLICA_NOT_AVAILABLE;
    }

    private static Reply answer(Map<String, Map<Integer, Errors>> results) {
        List<AlterReplicaLogDirTopicResult> topics = new ArrayList<>();
        results.forEach((name, errors) -> {
            AlterReplicaLogDirTopicResult topic = new AlterReplicaLogDirTopicResult().setTopicName(name);
            errors.forEach((partition, error) -> topic.partitions()
                    .add(new AlterReplicaLogDirPartitionResult()
                            .setPartitionIndex(partition)
                            .setErrorCode(error.code())));
            topics.add(topic);
        });
        return Reply.of(new AlterReplicaLogDirsResponseData().setResults(topics));
    }
}
