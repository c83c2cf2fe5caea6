package io.aeon.broker.transaction;

import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.partition.TransactionalPartitions;
import io.aeon.broker.transaction.TransactionGate.Passage;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.transaction.Ongoing;
import java.util.concurrent.ConcurrentHashMap;
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

    /** @param admission asked before the first record of a transaction in a partition */
    public TransactionalAppends(Partitions partitions, TransactionAdmission admission) {
        this.partitions = partitions;
        this.admission = admission;
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
        return present != null ? present : gates.computeIfAbsent(producerId, absent -> new TransactionGate(partitions));
    }

    private void ask(TransactionGate gate, TransactionalWriter writer, TopicPartition partition) {
        var unused = admission.ask(writer, partition).thenAccept(error -> {
            TransactionalWriter next = gate.answered(partition, writer, error);
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
            TransactionGate gate = present == null ? new TransactionGate(partitions) : present;
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

    private void retire(long producerId) {
        gates.computeIfPresent(producerId, (id, gate) -> gate.retire() ? null : gate);
    }
}
