package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.console.http.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/producers}: the producers that the partitions of a topic remember. Opens the logs of those partitions.
 */
final class Producers implements Resource {
    private static final int MOST = 1_000;

    private final BrokerView broker;
    private final ClusterClients clients;

    Producers(BrokerView broker, ClusterClients clients) {
        this.broker = broker;
        this.clients = clients;
    }

    record ShownProducers(List<ShownProducer> producers, int total) {}

    /**
     * A producer in one partition.
     *
     * @param lastTimestamp of its last batch, milliseconds since 1970
     * @param openFrom offset of the first record of its open transaction, null if none is open
     * @param hanging whether its transaction is open and no coordinator knows of one
     */
    record ShownProducer(
            int partition,
            long producerId,
            int epoch,
            int lastSequence,
            long lastTimestamp,
            @Nullable Long openFrom,
            @Nullable Integer coordinatorEpoch,
            boolean hanging) {}

    @Override
    public HttpAnswer answer(HttpQuery query) throws IOException, InterruptedException {
        List<TopicPartition> partitions =
                RecordTopic.partitions(TopicDetail.find(broker, query.required("topic")), query);
        Map<TopicPartition, KafkaFuture<PartitionProducerState>> asked =
                new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
        var result = clients.admin().describeProducers(partitions);
        partitions.forEach(partition -> asked.put(partition, result.partitionResult(partition)));
        Set<Long> open = openTransactions();
        List<ShownProducer> shown = new ArrayList<>();
        int total = 0;
        for (Map.Entry<TopicPartition, KafkaFuture<PartitionProducerState>> each : asked.entrySet()) {
            for (ProducerState producer : producers(each.getValue())) {
                total++;
                if (shown.size() < MOST) {
                    shown.add(shown(each.getKey().partition(), producer, open));
                }
            }
        }
        return Json.answer(new ShownProducers(shown, total));
    }

    private static List<ProducerState> producers(KafkaFuture<PartitionProducerState> asked)
            throws IOException, InterruptedException {
        try {
            return Calls.done(asked).activeProducers();
        } catch (RefusedException e) {
            return List.of();
        }
    }

    private Set<Long> openTransactions() throws IOException, InterruptedException {
        ListTransactionsOptions options = new ListTransactionsOptions()
                .filterStates(List.of(
                        TransactionState.ONGOING, TransactionState.PREPARE_ABORT, TransactionState.PREPARE_COMMIT));
        Set<Long> open = new HashSet<>();
        for (TransactionListing each :
                Calls.done(clients.admin().listTransactions(options).all())) {
            open.add(each.producerId());
        }
        return open;
    }

    private static ShownProducer shown(int partition, ProducerState producer, Set<Long> open) {
        boolean isOpen = producer.currentTransactionStartOffset().isPresent();
        return new ShownProducer(
                partition,
                producer.producerId(),
                producer.producerEpoch(),
                producer.lastSequence(),
                producer.lastTimestamp(),
                isOpen ? producer.currentTransactionStartOffset().getAsLong() : null,
                producer.coordinatorEpoch().isPresent()
                        ? producer.coordinatorEpoch().getAsInt()
                        : null,
                isOpen && !open.contains(producer.producerId()));
    }
}
