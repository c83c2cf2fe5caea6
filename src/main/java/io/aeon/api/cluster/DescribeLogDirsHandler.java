package io.aeon.api.cluster;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.PartitionOrder;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.Disks;
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
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeLogDirs (KIP-113, KIP-827): the broker's data directories and the size of each partition in them. One that
 * cannot be used has an error and no partitions.
 */
public final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequestData> {
    /** Each partition is asked for its size, which takes more than its description. */
    private static final int TIMES_A_DESCRIPTION = 3;

    private final Metadata metadata;
    private final Partitions partitions;
    private final Disks disks;

    public DescribeLogDirsHandler(Metadata metadata, Partitions partitions, Disks disks) {
        this.metadata = metadata;
        this.partitions = partitions;
        this.disks = disks;
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
        List<CompletableFuture<List<Sized>>> sizes =
                asked(request).map(this::size).toList();
        return CompletableFuture.allOf(sizes.toArray(CompletableFuture[]::new))
                .thenCompose(all -> answer(sizes.stream()
                        .flatMap(size -> size.join().stream())
                        .collect(Collectors.groupingBy(Sized::directory))));
    }

    /** @param lag records that a copy of the partition lacks */
    private record Sized(Path directory, TopicPartition partition, long bytes, boolean isFuture, long lag) {}

    private Stream<TopicPartition> asked(DescribeLogDirsRequestData request) {
        ClusterImage image = metadata.image();
        return request.topics() == null
                ? image.topics().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.name(), partition.index())))
                : request.topics().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.topic(), partition)))
                        .collect(Collectors.toCollection(() -> new TreeSet<>(PartitionOrder.BY_NAME)))
                        .stream();
    }

    /** A partition that does not exist, has no data directory or cannot be read is left out. */
    private CompletableFuture<List<Sized>> size(TopicPartition partition) {
        ResolvedTopic topic = new TopicResolver(metadata.image()).byName(partition.topic());
        Optional<Path> directory = disks.holding(partition)
                .filter(disk -> disk.health().problem().isEmpty())
                .map(Disk::directory);
        if (topic.error(partition.partition()) != Errors.NONE || directory.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        CompletableFuture<Description> description = new CompletableFuture<>();
        partitions.tell(partition, new Describe(description));
        return description.handle(
                (described, failure) -> failure == null ? sizes(directory.get(), partition, described) : List.of());
    }

    /** The partition, and its copy while it moves to another data directory. */
    private List<Sized> sizes(Path directory, TopicPartition partition, Description described) {
        Sized current = new Sized(directory, partition, described.sizeInBytes(), false, 0);
        return disks.future(partition)
                .map(future -> List.of(
                        current,
                        new Sized(
                                future.target().directory(),
                                partition,
                                future.sizeInBytes(),
                                true,
                                Math.max(0, described.logEndOffset() - future.logEndOffset()))))
                .orElse(List.of(current));
    }

    private CompletableFuture<Reply> answer(Map<Path, List<Sized>> sizes) {
        List<CompletableFuture<DescribeLogDirsResult>> results = disks.directories().stream()
                .map(directory -> result(directory, sizes.getOrDefault(directory, List.of())))
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> Reply.of(new DescribeLogDirsResponseData()
                        .setResults(
                                results.stream().map(CompletableFuture::join).toList())));
    }

    private CompletableFuture<DescribeLogDirsResult> result(Path directory, List<Sized> sizes) {
        Disk disk = disks.at(directory)
                .filter(each -> each.health().problem().isEmpty())
                .orElse(null);
        return disk == null
                ? CompletableFuture.completedFuture(failed(directory))
                : CompletableFuture.supplyAsync(() -> described(directory, sizes), disk.blocking());
    }

    private static DescribeLogDirsResult described(Path directory, List<Sized> sizes) {
        try {
            FileStore store = Files.getFileStore(directory);
            return new DescribeLogDirsResult()
                    .setLogDir(directory.toString())
                    .setTopics(topics(sizes))
                    .setTotalBytes(store.getTotalSpace())
                    .setUsableBytes(store.getUsableSpace());
        } catch (IOException e) {
            return failed(directory);
        }
    }

    private static List<DescribeLogDirsTopic> topics(List<Sized> sizes) {
        Map<String, List<DescribeLogDirsPartition>> topics = new TreeMap<>();
        sizes.forEach(size -> topics.computeIfAbsent(size.partition().topic(), name -> new ArrayList<>())
                .add(new DescribeLogDirsPartition()
                        .setPartitionIndex(size.partition().partition())
                        .setPartitionSize(size.bytes())
                        .setOffsetLag(size.lag())
                        .setIsFutureKey(size.isFuture())));
        List<DescribeLogDirsTopic> described = new ArrayList<>();
        topics.forEach((name, all) ->
                described.add(new DescribeLogDirsTopic().setName(name).setPartitions(all)));
        return described;
    }

    private static DescribeLogDirsResult failed(Path directory) {
        return new DescribeLogDirsResult()
                .setLogDir(directory.toString())
                .setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
    }
}
