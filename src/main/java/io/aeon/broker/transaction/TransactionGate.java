package io.aeon.broker.transaction;

import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.Partitions;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Passes one producer's records to the partitions of its transaction. A record that passes reaches its partition before
 * the gate closes; waiting records keep their order. Thread-safe.
 */
final class TransactionGate {
    private final Partitions partitions;
    private final Map<TopicPartition, Deque<Arrival>> waiting = new HashMap<>();
    private short epoch = -1;
    private Set<TopicPartition> open = Set.of();
    private boolean retired;

    private record Arrival(TransactionalWriter writer, Append append) {}

    /** The outcome for an append. */
    enum Passage {
        /** The append was delivered to its partition, or queued behind others that wait. */
        TAKEN,
        /** The append waits, and the caller has to ask the coordinator. */
        ASK,
        /** This gate is retired; the caller has to use a new one. */
        RETIRED
    }

    TransactionGate(Partitions partitions) {
        this.partitions = partitions;
    }

    synchronized Passage pass(TransactionalWriter writer, TopicPartition partition, Append append) {
        if (retired) {
            return Passage.RETIRED;
        }
        Deque<Arrival> queue = waiting.get(partition);
        if (queue != null) {
            queue.add(new Arrival(writer, append));
            return Passage.TAKEN;
        }
        if (isOpen(writer, partition)) {
            partitions.tell(partition, append);
            return Passage.TAKEN;
        }
        Deque<Arrival> first = new ArrayDeque<>();
        first.add(new Arrival(writer, append));
        waiting.put(partition, first);
        return Passage.ASK;
    }

    private boolean isOpen(TransactionalWriter writer, TopicPartition partition) {
        return writer.producerEpoch() == epoch && open.contains(partition);
    }

    /**
     * Applies the coordinator's answer to the first waiting append, and to those behind it of the same transaction. A
     * positive answer counts only while the transaction is open, because a late append would start a new transaction
     * after the end of this one.
     *
     * @return the writer to ask for next; null if no append waits
     */
    @Nullable
    synchronized TransactionalWriter answered(TopicPartition partition, TransactionalWriter asked, Errors answer) {
        Errors outcome = answer == Errors.NONE && !isOpen(asked, partition) ? Errors.INVALID_TXN_STATE : answer;
        Deque<Arrival> queue = waiting.get(partition);
        while (queue != null && !queue.isEmpty() && queue.peek().writer().producerEpoch() == asked.producerEpoch()) {
            settle(partition, queue.remove(), outcome);
        }
        if (queue == null || queue.isEmpty()) {
            waiting.remove(partition);
            return null;
        }
        return queue.peek().writer();
    }

    private void settle(TopicPartition partition, Arrival arrival, Errors outcome) {
        if (outcome == Errors.NONE) {
            partitions.tell(partition, arrival.append());
        } else {
            arrival.append().fail(refusal(outcome, arrival.writer().admission()).exception());
        }
    }

    /**
     * Replaces errors that only a client of the coordinator understands by those that Kafka sends to a producing
     * client.
     */
    private static Errors refusal(Errors error, Admission admission) {
        return switch (error) {
            case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> Errors.NOT_ENOUGH_REPLICAS;
            case CONCURRENT_TRANSACTIONS -> admission == Admission.ADDED ? error : Errors.NOT_ENOUGH_REPLICAS;
            case TRANSACTION_ABORTABLE -> admission == Admission.VERIFIED_LONG_AGO ? Errors.INVALID_TXN_STATE : error;
            default -> error;
        };
    }

    synchronized void open(short newEpoch, Set<TopicPartition> added) {
        epoch = newEpoch;
        open = added;
    }

    synchronized void close() {
        epoch = -1;
        open = Set.of();
    }

    /** Retires this gate if it is closed and no append waits; returns whether it is retired. */
    synchronized boolean retire() {
        retired = open.isEmpty() && waiting.isEmpty();
        return retired;
    }
}
