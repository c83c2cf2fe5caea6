package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.Resource;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Topic;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** {@code /api/topics}: a page of the topics. Offsets are asked for the topics of the page alone. */
final class TopicList implements Resource {
    /** Above this number of partitions on a page their offsets are left out. */
    private static final int MOST_PARTITIONS = 20_000;

    private final BrokerView broker;
    private final ClusterClients clients;
    private final Sizes sizes;

    TopicList(BrokerView broker, ClusterClients clients, Sizes sizes) {
        this.broker = broker;
        this.clients = clients;
        this.sizes = sizes;
    }

    /**
     * One topic.
     *
     * @param bytes on all brokers, null if the size of a partition is not known
     * @param ends sum of the log end offsets, whose growth is the rate; null if it is not known
     * @param records at most so many records; null if it is not known
     * @param cleanup the topic's own cleanup.policy, null for the default one
     */
    record TopicRow(
            String name,
            boolean internal,
            int partitions,
            int replicas,
            @Nullable Long bytes,
            @Nullable Long ends,
            @Nullable Long records,
            int offline,
            int lacking,
            @Nullable String cleanup) {}

    private record SizedTopic(Topic topic, @Nullable Long bytes) {}

    /** The end and the number of records of a topic. */
    private record TopicExtent(long ends, long records) {}

    @Override
    public HttpAnswer answer(HttpQuery query) throws IOException, InterruptedException {
        ClusterImage image = broker.image();
        boolean internal = query.text("internal").isPresent();
        Predicate<String> search = Page.search(query);
        Sizes.KnownSizes answer = sizes.now();
        List<SizedTopic> found = image.topics().stream()
                .filter(topic -> search.test(topic.name()))
                .filter(topic -> internal || !BrokerView.isInternal(topic.name()))
                .map(topic -> new SizedTopic(topic, answer.of(topic)))
                .sorted(order(query.text("sort").orElse("name")))
                .toList();
        Page<SizedTopic> page = Page.of(found, query);
        Map<String, TopicExtent> extents = extents(page.items());
        return Json.answer(new Page<>(
                page.total(),
                page.offset(),
                page.items().stream()
                        .map(each -> row(image, each, extents.get(each.topic().name())))
                        .toList()));
    }

    private static Comparator<SizedTopic> order(String sort) {
        Comparator<SizedTopic> byName =
                Comparator.comparing(sized -> sized.topic().name());
        return switch (sort) {
            case "bytes" ->
                Comparator.comparing(SizedTopic::bytes, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .reversed()
                        .thenComparing(byName);
            case "partitions" ->
                Comparator.comparingInt(
                                (SizedTopic sized) -> sized.topic().partitions().size())
                        .reversed()
                        .thenComparing(byName);
            default -> byName;
        };
    }

    private TopicRow row(ClusterImage image, SizedTopic sized, @Nullable TopicExtent extent) {
        Topic topic = sized.topic();
        int self = broker.metadata().nodeId();
        return new TopicRow(
                topic.name(),
                BrokerView.isInternal(topic.name()),
                topic.partitions().size(),
                topic.partitions().get(0).replicas().size(),
                sized.bytes(),
                extent == null ? null : extent.ends(),
                extent == null ? null : extent.records(),
                (int) IntStream.range(0, topic.partitions().size())
                        .filter(partition -> BrokerView.isOffline(topic, partition, self))
                        .count(),
                (int) topic.partitions().stream()
                        .filter(each -> each.isr().size() < each.replicas().size())
                        .count(),
                image.topicOverrides(topic.name()).get("cleanup.policy"));
    }

    private Map<String, TopicExtent> extents(List<SizedTopic> page) throws InterruptedException {
        List<TopicPartition> partitions = page.stream()
                .flatMap(each -> partitions(each.topic()))
                .limit(MOST_PARTITIONS + 1L)
                .toList();
        Map<String, TopicExtent> extents = new HashMap<>();
        if (partitions.size() > MOST_PARTITIONS) {
            return extents;
        }
        Map<TopicPartition, Long> starts = Offsets.of(clients.admin(), partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = Offsets.of(clients.admin(), partitions, OffsetSpec.latest());
        for (SizedTopic each : page) {
            extent(each.topic(), starts, ends)
                    .ifPresent(extent -> extents.put(each.topic().name(), extent));
        }
        return extents;
    }

    /** Empty if one of the partitions has not answered. */
    private static Optional<TopicExtent> extent(
            Topic topic, Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {
        long last = 0;
        long records = 0;
        for (TopicPartition each : partitions(topic).toList()) {
            Long start = starts.get(each);
            Long end = ends.get(each);
            if (start == null || end == null) {
                return Optional.empty();
            }
            last += end;
            records += end - start;
        }
        return Optional.of(new TopicExtent(last, records));
    }

    private static Stream<TopicPartition> partitions(Topic topic) {
        return topic.partitions().stream().map(each -> new TopicPartition(topic.name(), each.index()));
    }
}
