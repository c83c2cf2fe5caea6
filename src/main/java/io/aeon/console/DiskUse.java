package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.Resource;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/** {@code /api/log-dirs}: the data directories of all brokers, with what takes the space in them. */
final class DiskUse implements Resource {
    private static final int LARGEST = 20;

    private final Sizes sizes;

    DiskUse(Sizes sizes) {
        this.sizes = sizes;
    }

    record ShownDirectories(List<ShownDirectory> directories, List<Integer> silent) {}

    /**
     * A data directory.
     *
     * @param error why it cannot be used, null if it can
     * @param total bytes of its disk, null if they are not known
     * @param usable free bytes of its disk, null if they are not known
     * @param bytes those of the partitions
     */
    record ShownDirectory(
            int broker,
            String path,
            @Nullable String error,
            @Nullable Long total,
            @Nullable Long usable,
            long bytes,
            int partitions,
            List<TopicBytes> largest) {}

    record TopicBytes(String topic, int partitions, long bytes) {}

    @Override
    public HttpAnswer answer(HttpQuery query) throws IOException, InterruptedException {
        Sizes.KnownSizes answer = sizes.now();
        return Json.answer(new ShownDirectories(
                answer.replicas().told().entrySet().stream()
                        .flatMap(DiskUse::shown)
                        .sorted(Comparator.comparingInt(ShownDirectory::broker).thenComparing(ShownDirectory::path))
                        .toList(),
                answer.silent()));
    }

    private static Stream<ShownDirectory> shown(Map.Entry<Integer, Map<String, LogDirDescription>> broker) {
        return broker.getValue().entrySet().stream()
                .map(directory -> shown(broker.getKey(), directory.getKey(), directory.getValue()));
    }

    private static ShownDirectory shown(int broker, String path, LogDirDescription description) {
        ApiException error = description.error();
        Map<String, TopicBytes> topics = new HashMap<>();
        for (Map.Entry<TopicPartition, ReplicaInfo> replica :
                description.replicaInfos().entrySet()) {
            topics.merge(
                    replica.getKey().topic(),
                    new TopicBytes(
                            replica.getKey().topic(), 1, replica.getValue().size()),
                    (one, other) -> new TopicBytes(
                            one.topic(), one.partitions() + other.partitions(), one.bytes() + other.bytes()));
        }
        return new ShownDirectory(
                broker,
                path,
                error == null ? null : error.getMessage(),
                known(description.totalBytes()),
                known(description.usableBytes()),
                topics.values().stream().mapToLong(TopicBytes::bytes).sum(),
                description.replicaInfos().size(),
                topics.values().stream()
                        .sorted(Comparator.comparingLong(TopicBytes::bytes).reversed())
                        .limit(LARGEST)
                        .toList());
    }

    private static @Nullable Long known(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
