package io.aeon.console;

import io.aeon.console.http.RefusedException;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds the transactions that are open in a partition and that no coordinator will end there, by the rule of Kafka's
 * {@code kafka-transactions.sh find-hanging} (KIP-664).
 */
final class HangingTransactions {
    private final ClusterClients clients;
    private final long longestMs;

    /** @param longestMs {@code transaction.max.timeout.ms} */
    HangingTransactions(ClusterClients clients, long longestMs) {
        this.clients = clients;
        this.longestMs = longestMs;
    }

    /** What a partition remembers of a producer. */
    record Remembered(TopicPartition partition, ProducerState producer) {}

    /** @throws IOException the coordinators do not answer */
    Set<Remembered> among(Collection<Remembered> producers) throws IOException, InterruptedException {
        long now = System.currentTimeMillis();
        List<Remembered> old = producers.stream()
                .filter(each -> isOpenTooLong(each.producer(), now, longestMs))
                .toList();
        if (old.isEmpty()) {
            return Set.of();
        }
        Map<Long, TransactionDescription> known =
                known(old.stream().map(each -> each.producer().producerId()).toList());
        return old.stream()
                .filter(each ->
                        !isIn(each.partition(), known.get(each.producer().producerId())))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a transaction is open whose last batch is older than any transaction may be. */
    static boolean isOpenTooLong(ProducerState producer, long now, long longestMs) {
        return producer.currentTransactionStartOffset().isPresent() && now - producer.lastTimestamp() > longestMs;
    }

    /** Whether a coordinator will end the transaction in the partition. */
    static boolean isIn(TopicPartition partition, @Nullable TransactionDescription known) {
        return known != null && known.topicPartitions().contains(partition);
    }

    private Map<Long, TransactionDescription> known(Collection<Long> producerIds)
            throws IOException, InterruptedException {
        Collection<TransactionListing> listed = Calls.done(clients.admin()
                .listTransactions(new ListTransactionsOptions().filterProducerIds(producerIds))
                .all());
        var described = clients.admin()
                .describeTransactions(
                        listed.stream().map(TransactionListing::transactionalId).toList());
        Map<Long, TransactionDescription> known = new HashMap<>();
        for (TransactionListing each : listed) {
            try {
                known.put(each.producerId(), Calls.done(described.description(each.transactionalId())));
            } catch (RefusedException e) {
                if (e.status() != 404) {
                    throw e;
                }
            }
        }
        return known;
    }
}
