package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.console.http.Resource;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** {@code /api/topic}: a topic with a page of its partitions. */
final class TopicDetail implements Resource {
    private final BrokerView broker;
    private final ClusterClients clients;
    private final Sizes sizes;

    TopicDetail(BrokerView broker, ClusterClients clients, Sizes sizes) {
        this.broker = broker;
        this.clients = clients;
        this.sizes = sizes;
    }

    record ShownTopic(
            String name,
            String id,
            boolean internal,
            int replicas,
            @Nullable Long bytes,
            Page<PartitionRow> partitions) {}

    /**
     * One partition.
     *
     * @param start offset of the first record, null if the partition does not answer
     * @param end offset of the next record, null if the partition does not answer
     * @param bytes of all replicas, null if one of their brokers has not told it
     */
    record PartitionRow(
            int partition,
            int leader,
            int epoch,
            List<Integer> replicas,
            List<Integer> isr,
            @Nullable Long start,
            @Nullable Long end,
            @Nullable Long bytes) {}

    @Override
    public HttpAnswer answer(HttpQuery query) throws IOException, InterruptedException {
        Topic topic = find(broker, query.required("name"));
        Page<Partition> page = Page.of(topic.partitions(), query);
        List<TopicPartition> asked = page.items().stream()
                .map(each -> new TopicPartition(topic.name(), each.index()))
                .toList();
        Map<TopicPartition, Long> starts = Offsets.of(clients.admin(), asked, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = Offsets.of(clients.admin(), asked, OffsetSpec.latest());
        Sizes.KnownSizes answer = sizes.now();
        List<PartitionRow> rows = page.items().stream()
                .map(each -> row(topic.name(), each, starts, ends, answer))
                .toList();
        return Json.answer(new ShownTopic(
                topic.name(),
                topic.id().toString(),
                BrokerView.isInternal(topic.name()),
                topic.partitions().get(0).replicas().size(),
                answer.of(topic),
                new Page<>(page.total(), page.offset(), rows)));
    }

    /** @throws RefusedException there is no such topic */
    static Topic find(BrokerView broker, String name) {
        return broker.image().topic(name).orElseThrow(() -> new RefusedException(404, "there is no topic " + name));
    }

    private PartitionRow row(
            String topic,
            Partition partition,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Sizes.KnownSizes answer) {
        TopicPartition key = new TopicPartition(topic, partition.index());
        int self = broker.metadata().nodeId();
        return new PartitionRow(
                partition.index(),
                partition.isLedBy(self) ? self : partition.leader(),
                partition.leaderEpoch(),
                partition.replicas(),
                partition.isr(),
                starts.get(key),
                ends.get(key),
                answer.of(topic, partition));
    }
}
