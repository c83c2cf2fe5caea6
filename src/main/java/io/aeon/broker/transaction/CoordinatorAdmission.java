package io.aeon.broker.transaction;

import io.aeon.broker.transaction.OtherBrokers.Question;
import io.aeon.coordinator.StoredRecords;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.transaction.TransactionRecordFormat;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Asks the coordinator of a transactional id, on this broker or another one. Thread-safe. */
public final class CoordinatorAdmission implements TransactionAdmission {
    private final Metadata metadata;
    private final TransactionCoordinators here;
    private final OtherBrokers others;
    private final int attempts;
    private final Executor pause;

    /**
     * @param here the coordinators on this broker
     * @param attempts the number of times that another broker is asked to add a partition while the markers of the
     *     previous transaction are written; after that the client has to try again
     * @param pause runs a task after the pause between two of them
     */
    public CoordinatorAdmission(
            Metadata metadata, TransactionCoordinators here, OtherBrokers others, int attempts, Executor pause) {
        this.metadata = metadata;
        this.here = here;
        this.others = others;
        this.attempts = attempts;
        this.pause = pause;
    }

    @Override
    public CompletableFuture<Answer> ask(TransactionalWriter writer, TopicPartition partition) {
        return ask(new Question(writer, partition), attempts);
    }

    private CompletableFuture<Answer> ask(Question question, int attemptsLeft) {
        TransactionalWriter writer = question.writer();
        int coordinator = coordinator(writer.transactionalId());
        if (coordinator == metadata.nodeId()) {
            return here.admit(writer, question.partition()).thenApply(error -> new Answer(error, true));
        }
        return others.ask(coordinator, question)
                .exceptionally(failure -> Errors.NETWORK_EXCEPTION)
                .thenCompose(error -> {
                    boolean later = error == Errors.CONCURRENT_TRANSACTIONS
                            && writer.admission() == Admission.ADDED
                            && attemptsLeft > 1;
                    return later
                            ? CompletableFuture.completedFuture(question)
                                    .thenComposeAsync(same -> ask(same, attemptsLeft - 1), pause)
                            : CompletableFuture.completedFuture(new Answer(error, false));
                });
    }

    /** Without its topic this broker refuses, as one that coordinates nothing. */
    private int coordinator(String transactionalId) {
        int self = metadata.nodeId();
        List<Partition> partitions = metadata.image()
                .topic(TransactionRecordFormat.TOPIC)
                .map(Topic::partitions)
                .orElse(List.of());
        if (partitions.isEmpty()) {
            return self;
        }
        Partition partition = partitions.get(StoredRecords.partitionFor(transactionalId, partitions.size()));
        return partition.isLedBy(self) ? self : partition.leader();
    }
}
