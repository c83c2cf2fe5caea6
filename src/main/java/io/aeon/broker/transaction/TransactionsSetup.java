package io.aeon.broker.transaction;

import io.aeon.broker.coordinator.CoordinatorKind;
import io.aeon.broker.coordinator.SnapshotFiles;
import io.aeon.broker.group.GroupsSetup;
import io.aeon.broker.partition.Partitions;
import io.aeon.config.KafkaSettings;
import io.aeon.config.LimitSettings;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.transaction.TransactionSettings;
import io.aeon.coordinator.transaction.TransactionalProducer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The resources of the transaction coordinators.
 *
 * @param timeoutCheck time between two checks for transactions past their timeout
 * @param expiryCheck time between two checks for expired transactional ids
 * @param snapshots the files with the snapshots of transactional ids
 * @param blocking threads that may block on the disk
 */
public record TransactionsSetup(
        Partitions partitions,
        RecordBatches batches,
        TransactionSettings settings,
        Duration timeoutCheck,
        Duration expiryCheck,
        SnapshotFiles snapshots,
        Executor blocking,
        Supplier<Now> clock,
        Supplier<CompletableFuture<Long>> producerIds) {
    /** Maximum wait in milliseconds, shorter than any client's request timeout; the client retries after it. */
    private static final long PATIENCE_MS = 1000;

    /** A new transactional id without records. */
    TransactionalProducer absent(String transactionalId) {
        return new TransactionalProducer(transactionalId, settings);
    }

    /** @param groups the resources that both kinds of coordinators share */
    public static TransactionsSetup of(
            KafkaSettings kafka,
            LimitSettings limits,
            GroupsSetup groups,
            Supplier<CompletableFuture<Long>> producerIds) {
        return new TransactionsSetup(
                groups.partitions(),
                groups.batches(),
                new TransactionSettings(
                        kafka.getInt("transaction.max.timeout.ms"),
                        kafka.getInt("transactional.id.expiration.ms"),
                        PATIENCE_MS,
                        CoordinatorKind.heapShare(
                                "transactional ids", "aeon.limits.transactional-ids", limits.transactionalIds()),
                        () -> groups.metadata().image().transactionVersion()),
                Duration.ofMillis(kafka.getInt("transaction.abort.timed.out.transaction.cleanup.interval.ms")),
                Duration.ofMillis(kafka.getInt("transaction.remove.expired.transaction.cleanup.interval.ms")),
                groups.snapshots(),
                groups.blocking(),
                groups.clock(),
                producerIds);
    }
}
