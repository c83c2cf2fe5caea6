package io.aeon.broker.transaction;

import io.aeon.broker.coordinator.CoordinatorLog;
import io.aeon.broker.coordinator.CoordinatorPartition;
import io.aeon.broker.transaction.TransactionsCommand.Deliver;
import io.aeon.coordinator.transaction.TransactionLog;
import io.aeon.coordinator.transaction.TransactionRecord;
import io.aeon.coordinator.transaction.TransactionalProducer;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.storage.log.AppendResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/** What {@link Transactions} knows of one partition of the transaction topic. Only the log may be used by others. */
final class TransactionsPartition extends CoordinatorPartition<TransactionalProducer, Deliver> {
    private final TransactionsSetup setup;
    private final CoordinatorLog log;

    TransactionsPartition(TransactionsSetup setup, int index) {
        super(index, () -> setup.clock().get().elapsedMs());
        this.setup = setup;
        this.log = new CoordinatorLog(
                setup.partitions(), new TopicPartition(TransactionLog.TOPIC, index), setup.blocking());
    }

    /** Appends a record; done when it is durable. */
    CompletableFuture<AppendResult> append(TransactionRecord record) {
        return log.append(TransactionLog.batch(
                setup.batches(), record, setup.clock().get().epochMs()));
    }

    /** Builds transactional ids from all that the log holds now: those {@code wanted}. */
    CompletableFuture<Map<String, TransactionalProducer>> replay(Predicate<String> wanted) {
        TransactionLog producers = new TransactionLog(setup.batches(), wanted, setup::absent, log::passedOver);
        return log.replay(producers::replay).thenApply(done -> producers.producers());
    }

    /** Which coordinator's markers count, should there be two: the one of the later leader. */
    int coordinatorEpoch() {
        Optional<Topic> topic = setup.metadata().image().topic(TransactionLog.TOPIC);
        return topic.map(present ->
                        present.partitions().get(log.partition().partition()).leaderEpoch())
                .orElse(0);
    }

    @Override
    public String toString() {
        return log.partition().toString();
    }
}
