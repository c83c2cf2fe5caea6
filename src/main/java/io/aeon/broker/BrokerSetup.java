package io.aeon.broker;

import io.aeon.broker.replica.LeaderConnection;
import io.aeon.broker.transaction.TransactionConnection;
import io.aeon.config.AeonSettings;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.RecordBatches;
import io.aeon.metadata.Metadata;
import io.aeon.storage.compaction.BatchContents;
import io.aeon.storage.file.LogEnvironment;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What the actors of a broker need from outside.
 *
 * @param environment files and clock of the partitions' logs
 * @param clock both clocks of the groups and transactions
 * @param batches writes and reads the coordinators' records
 * @param contents creates the access of compaction to batch contents, one for each pass
 * @param leaders creates a connection to another broker, by its id, to copy what it leads
 * @param transactions creates a connection to another broker, by its id, for requests about transactions
 * @param blocking threads that may block on the disk of the first data directory; they have to accept tasks until all
 *     actors have stopped
 * @param blockingOn the same for each data directory
 */
public record BrokerSetup(
        AeonSettings settings,
        LogEnvironment environment,
        Supplier<Now> clock,
        RecordBatches batches,
        Supplier<BatchContents> contents,
        Function<Metadata, IntFunction<LeaderConnection>> leaders,
        Function<Metadata, IntFunction<TransactionConnection>> transactions,
        Executor blocking,
        Function<Path, Executor> blockingOn) {}
