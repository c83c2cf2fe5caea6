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
 * One producer's way to the partitions of its transaction. What is let through reaches its partition before the gate
 * closes; what has to wait keeps its order. Thread-safe.
 */
final class TransactionGate {
    private final Partitions partitions;
    private final Map<TopicPartition, Deque<Arrival>> waiting = new HashMap<>();
    private short epoch = -1;
    private Set<TopicPartition> open = Set.of();
    private boolean retired;

    private record Arrival(TransactionalWriter writer, Append append) {}

    /** What became of an append. */
    enum Passage {
        /** It is with its partition, or behind others that wait. */
        TAKEN,
        /** It waits, and the coordinator must be asked for it. */
        ASK,
        /** This gate is no more, another one has to be tried. */
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
     * The coordinator has answered for the first that waits, and so for those behind it that write the same transaction.
     * Its yes counts only while the transaction is open: a late one would open another transaction behind the end of this.
     *
     * @return whom to ask for next, null if nobody waits any more
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

    /** What a client that writes is told instead of what only one that asks its coordinator understands. */
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

    /** True if nobody needs this gate, which is of no use from then on. */
    synchronized boolean retire() {
        retired = open.isEmpty() && waiting.isEmpty();
        return retired;
    }
}
