package io.aeon.api.cluster;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DescribeLogDirs (KIP-113, KIP-827): the broker's only data directory and the size of each partition in it. */
public final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequestData> {
    /** Each partition is asked for its size, which takes more than its description. */
    private static final int TIMES_A_DESCRIPTION = 3;

    private final Metadata metadata;
    private final Partitions partitions;
    private final Path dataDir;
    private final Executor blocking;

    /** @param blocking threads that may wait for a disk */
    public DescribeLogDirsHandler(Metadata metadata, Partitions partitions, Path dataDir, Executor blocking) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.dataDir = dataDir;
        this.blocking = blocking;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_LOG_DIRS;
    }

    @Override
    public long answerBytes(DescribeLogDirsRequestData request, short version) {
        return request.topics() == null
                ? AnswerSizes.ofTopics(metadata.image().topics().stream()) * TIMES_A_DESCRIPTION
                : 0;
    }

    @Override
    public CompletionStage<Reply> handle(DescribeLogDirsRequestData request, RequestContext context) {
        List<CompletableFuture<Optional<Sized>>> sizes =
                asked(request).map(this::size).toList();
        return CompletableFuture.allOf(sizes.toArray(CompletableFuture[]::new))
                .thenApplyAsync(
                        all -> answer(sizes.stream()
                                .flatMap(size -> size.join().stream())
                                .toList()),
                        blocking);
    }

    private record Sized(TopicPartition partition, long bytes) {}

    private Stream<TopicPartition> asked(DescribeLogDirsRequestData request) {
        ClusterImage image = metadata.image();
        return request.topics() == null
                ? image.topics().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.name(), partition.index())))
                : request.topics().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.topic(), partition)))
                        .distinct();
    }

    /** A partition that does not exist or cannot be read is left out. */
    private CompletableFuture<Optional<Sized>> size(TopicPartition partition) {
        ResolvedTopic topic = new TopicResolver(metadata.image()).byName(partition.topic());
        if (topic.error(partition.partition()) != Errors.NONE) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        CompletableFuture<Description> description = new CompletableFuture<>();
        partitions.tell(partition, new Describe(description));
        return description.handle((described, failure) ->
                failure == null ? Optional.of(new Sized(partition, described.sizeInBytes())) : Optional.empty());
    }

    private Reply answer(List<Sized> sizes) {
        Map<String, List<DescribeLogDirsPartition>> topics = new TreeMap<>();
        sizes.forEach(size -> topics.computeIfAbsent(size.partition().topic(), name -> new ArrayList<>())
                .add(new DescribeLogDirsPartition()
                        .setPartitionIndex(size.partition().partition())
                        .setPartitionSize(size.bytes())));
        DescribeLogDirsResult result = new DescribeLogDirsResult().setLogDir(dataDir.toString());
        topics.forEach((name, described) ->
                result.topics().add(new DescribeLogDirsTopic().setName(name).setPartitions(described)));
        try {
            FileStore store = Files.getFileStore(dataDir);
            result.setTotalBytes(store.getTotalSpace()).setUsableBytes(store.getUsableSpace());
        } catch (IOException e) {
            result.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        }
        return Reply.of(new DescribeLogDirsResponseData().setResults(List.of(result)));
    }
}
