package io.aeon.broker.transaction;

import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.transaction.TransactionAdmission.Answer;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Passes one producer's records to the partitions of its transaction. A record that passes reaches its partition before
 * the gate closes; waiting records keep their order. Thread-safe.
 *
 * <p>A coordinator on this broker opens and closes the gate itself. The positive answer of another broker opens it for
 * one partition, until the partition gets the marker or is led in another leader epoch.
 */
final class TransactionGate {
    private final Partitions partitions;
    private final ToIntFunction<TopicPartition> leaderEpochs;
    private final Map<TopicPartition, Queue> waiting = new HashMap<>();
    private final Map<TopicPartition, Verified> verified = new HashMap<>();
    private short epoch = -1;
    private Set<TopicPartition> open = Set.of();
    private boolean retired;

    private record Arrival(TransactionalWriter writer, Append append) {}

    /** A partition of which the coordinator on another broker has said that it is in the producer's transaction. */
    private record Verified(short producerEpoch, int leaderEpoch) {}

    /** The appends that wait for the answer to the question that the first one of them has raised. */
    private static final class Queue {
        private final Deque<Arrival> arrivals = new ArrayDeque<>();
        private int leaderEpoch;
        /** Why a positive answer no longer counts. */
        private @Nullable Errors overtaken;

        TransactionalWriter ask(int currentLeaderEpoch) {
            leaderEpoch = currentLeaderEpoch;
            overtaken = null;
            return arrivals.element().writer();
        }
    }

    /** The outcome for an append. */
    enum Passage {
        /** The append was delivered to its partition, or queued behind others that wait. */
        TAKEN,
        /** The append waits, and the caller has to ask the coordinator. */
        ASK,
        /** This gate is retired; the caller has to use a new one. */
        RETIRED
    }

    /** @param leaderEpochs the leader epoch of a partition that this broker leads, -1 for any other */
    TransactionGate(Partitions partitions, ToIntFunction<TopicPartition> leaderEpochs) {
        this.partitions = partitions;
        this.leaderEpochs = leaderEpochs;
    }

    synchronized Passage pass(TransactionalWriter writer, TopicPartition partition, Append append) {
        if (retired) {
            return Passage.RETIRED;
        }
        Queue queue = waiting.get(partition);
        if (queue != null) {
            queue.arrivals.add(new Arrival(writer, append));
            return Passage.TAKEN;
        }
        if (isOpen(writer, partition)) {
            partitions.tell(partition, append);
            return Passage.TAKEN;
        }
        Queue first = new Queue();
        first.arrivals.add(new Arrival(writer, append));
        var unused = first.ask(leaderEpochs.applyAsInt(partition));
        waiting.put(partition, first);
        return Passage.ASK;
    }

    private boolean isOpen(TransactionalWriter writer, TopicPartition partition) {
        if (writer.producerEpoch() == epoch && open.contains(partition)) {
            return true;
        }
        Verified known = verified.get(partition);
        return known != null && known.producerEpoch() == writer.producerEpoch();
    }

    /**
     * Applies the coordinator's answer to the first waiting append, and to those behind it of the same transaction. A
     * positive answer counts only while the transaction is open, because a late append would start a new transaction
     * after the end of this one.
     *
     * @return the writer to ask for next; null if no append waits
     */
    @Nullable
    synchronized TransactionalWriter answered(TopicPartition partition, TransactionalWriter asked, Answer answer) {
        Queue queue = waiting.get(partition);
        if (queue == null) {
            return null;
        }
        Errors outcome = outcome(queue, partition, asked, answer);
        Deque<Arrival> arrivals = queue.arrivals;
        while (!arrivals.isEmpty() && arrivals.peek().writer().producerEpoch() == asked.producerEpoch()) {
            settle(partition, arrivals.remove(), outcome);
        }
        if (arrivals.isEmpty()) {
            waiting.remove(partition);
            return null;
        }
        return queue.ask(leaderEpochs.applyAsInt(partition));
    }

    private Errors outcome(Queue queue, TopicPartition partition, TransactionalWriter asked, Answer answer) {
        if (answer.error() != Errors.NONE) {
            return answer.error();
        }
        if (answer.byThisBroker()) {
            return isOpen(asked, partition) ? Errors.NONE : Errors.INVALID_TXN_STATE;
        }
        if (queue.overtaken != null) {
            return queue.overtaken;
        }
        verified.put(partition, new Verified(asked.producerEpoch(), queue.leaderEpoch));
        return Errors.NONE;
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
            case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, NETWORK_EXCEPTION ->
                Errors.NOT_ENOUGH_REPLICAS;
            case CONCURRENT_TRANSACTIONS -> admission == Admission.ADDED ? error : Errors.NOT_ENOUGH_REPLICAS;
            case TRANSACTION_ABORTABLE -> admission == Admission.VERIFIED_LONG_AGO ? Errors.INVALID_TXN_STATE : error;
            default -> error;
        };
    }

    /** The coordinator on this broker has a transaction that accepts records. */
    synchronized void open(short newEpoch, Set<TopicPartition> added) {
        epoch = newEpoch;
        open = added;
        verified.clear();
    }

    /** The coordinator on this broker has none any more, or is elsewhere now. */
    synchronized void close() {
        epoch = -1;
        open = Set.of();
    }

    /** A marker follows in the partition. No record of a producer epoch below {@code firstEpoch} passes from now on. */
    synchronized void end(TopicPartition partition, int firstEpoch) {
        Verified known = verified.get(partition);
        if (known != null && known.producerEpoch() < firstEpoch) {
            verified.remove(partition);
        }
        Queue queue = waiting.get(partition);
        if (queue != null && queue.arrivals.element().writer().producerEpoch() < firstEpoch) {
            queue.overtaken = Errors.INVALID_TXN_STATE;
        }
    }

    /** Leaders may have changed: another one may have got markers of which this gate has heard nothing. */
    synchronized void leadersChanged() {
        verified.entrySet().removeIf(each -> each.getValue().leaderEpoch() != leaderEpochs.applyAsInt(each.getKey()));
        waiting.forEach((partition, queue) -> {
            if (queue.leaderEpoch != leaderEpochs.applyAsInt(partition)) {
                queue.overtaken = Errors.NOT_LEADER_OR_FOLLOWER;
            }
        });
    }

    /** Retires this gate if it is closed and no append waits; returns whether it is retired. */
    synchronized boolean retire() {
        retired = open.isEmpty() && verified.isEmpty() && waiting.isEmpty();
        return retired;
    }
}
