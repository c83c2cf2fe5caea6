package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.PartitionEvent;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import java.util.concurrent.CompletableFuture;

/** Opens the log of a partition as its role needs it. */
final class LogOpening {
    private final PartitionSetup setup;
    private final PartitionDirectory directory;

    LogOpening(PartitionSetup setup) {
        this.setup = setup;
        this.directory = setup.directory();
    }

    /**
     * Opens the log on a thread that may wait for the disk. If it is damaged and another broker leads, its files are
     * moved aside and it begins empty, to be copied from the leader. The controller knows before that this replica
     * lacks records: otherwise it could be elected as an eligible one.
     *
     * @param closed completes when the former log is closed
     */
    CompletableFuture<PartitionLog> open(PartitionEvent.Configure configured, CompletableFuture<Void> closed) {
        LogConfig config = configured.config();
        boolean isCopied = configured.role() instanceof Role.Follow follow && follow.hasLeader();
        CompletableFuture<PartitionLog> opened =
                closed.handleAsync((nothing, failure) -> directory.open(config), setup.blocking());
        return isCopied ? opened.thenCompose(log -> copyIfDamaged(log, config)) : opened;
    }

    private CompletableFuture<PartitionLog> copyIfDamaged(PartitionLog log, LogConfig config) {
        if (log.recovery().damage().isEmpty()) {
            return CompletableFuture.completedFuture(log);
        }
        directory.close(log);
        return setup.giveUp()
                .get()
                .thenApplyAsync(
                        known -> directory.openAnew(log.recovery().damage().orElseThrow(), config), setup.blocking());
    }
}
