package io.aeon.broker.transaction;

import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.partition.TransactionalPartitions;
import io.aeon.broker.transaction.TransactionGate.Passage;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.coordinator.transaction.Ongoing;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Delivers transactional records to their partitions. A record reaches a partition only while its transaction is open
 * and contains the partition, so that no record can follow the marker and start another transaction by accident
 * (KIP-890). Records of one producer reach a partition in the order of their arrival, although the first record of a
 * transaction has to wait for the coordinator. Thread-safe.
 */
public final class TransactionalAppends implements TransactionalPartitions {
    private final ConcurrentHashMap<Long, TransactionGate> gates = new ConcurrentHashMap<>();
    private final Partitions partitions;
    private final TransactionAdmission admission;
    private final ToIntFunction<TopicPartition> leaderEpochs;

    /**
     * @param admission asked before the first record of a transaction in a partition
     * @param leaderEpochs the leader epoch of a partition that this broker leads, -1 for any other
     */
    public TransactionalAppends(
            Partitions partitions, TransactionAdmission admission, ToIntFunction<TopicPartition> leaderEpochs) {
        this.partitions = partitions;
        this.admission = admission;
        this.leaderEpochs = leaderEpochs;
    }

    @Override
    public void append(TransactionalWriter writer, TopicPartition partition, Append append) {
        while (true) {
            TransactionGate gate = gate(writer.producerId());
            Passage passage = gate.pass(writer, partition, append);
            if (passage == Passage.ASK) {
                ask(gate, writer, partition);
            }
            if (passage != Passage.RETIRED) {
                return;
            }
        }
    }

    private TransactionGate gate(long producerId) {
        TransactionGate present = gates.get(producerId);
        return present != null ? present : gates.computeIfAbsent(producerId, absent -> newGate());
    }

    private TransactionGate newGate() {
        return new TransactionGate(partitions, leaderEpochs);
    }

    private void ask(TransactionGate gate, TransactionalWriter writer, TopicPartition partition) {
        var unused = admission.ask(writer, partition).thenAccept(answer -> {
            TransactionalWriter next = gate.answered(partition, writer, answer);
            if (next != null) {
                ask(gate, next, partition);
            } else {
                retire(writer.producerId());
            }
        });
    }

    /** The transaction accepts records in these partitions. */
    void open(Ongoing transaction) {
        gates.compute(transaction.producerId(), (id, present) -> {
            TransactionGate gate = present == null ? newGate() : present;
            gate.open(transaction.producerEpoch(), transaction.partitions());
            return gate;
        });
    }

    /** Stops further records; those that passed earlier have reached their partition. */
    void close(long producerId) {
        TransactionGate gate = gates.get(producerId);
        if (gate != null) {
            gate.close();
            retire(producerId);
        }
    }

    /**
     * The marker reaches its partition after this call. Records of its transaction that passed earlier have reached it,
     * and no others do.
     */
    void end(Marker marker) {
        TransactionGate gate = gates.get(marker.producerId());
        if (gate != null) {
            gate.end(marker.partition(), marker.firstEpochAfter());
            retire(marker.producerId());
        }
    }

    /** To be called after each change of the metadata, before the partitions learn their roles. */
    public void leadersChanged() {
        gates.forEach((producerId, gate) -> {
            gate.leadersChanged();
            retire(producerId);
        });
    }

    private void retire(long producerId) {
        gates.computeIfPresent(producerId, (id, gate) -> gate.retire() ? null : gate);
    }
}
