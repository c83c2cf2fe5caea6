package io.aeon.broker.transaction;

import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.Partitions;
import io.aeon.coordinator.transaction.TransactionalWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
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
        if (writer.producerEpoch() == epoch && open.contains(partition)) {
            partitions.tell(partition, append);
            return Passage.TAKEN;
        }
        Deque<Arrival> first = new ArrayDeque<>();
        first.add(new Arrival(writer, append));
        waiting.put(partition, first);
        return Passage.ASK;
    }

    /**
     * The coordinator has answered for the first that waits, and so for those behind it that write the same transaction.
     *
     * @param settler tells each of them, in order
     * @return whom to ask for next, null if nobody waits any more
     */
    @Nullable
    synchronized TransactionalWriter answered(
            TopicPartition partition, TransactionalWriter asked, BiConsumer<TransactionalWriter, Append> settler) {
        Deque<Arrival> queue = waiting.get(partition);
        while (queue != null && !queue.isEmpty() && queue.peek().writer().producerEpoch() == asked.producerEpoch()) {
            Arrival arrival = queue.remove();
            settler.accept(arrival.writer(), arrival.append());
        }
        if (queue == null || queue.isEmpty()) {
            waiting.remove(partition);
            return null;
        }
        return queue.peek().writer();
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
