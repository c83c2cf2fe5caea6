package io.aeon.broker.partition;

import akka.actor.typed.ActorRef;
import io.aeon.storage.compaction.BatchContents;
import io.aeon.storage.compaction.CompactionMemory;
import java.util.function.Supplier;

/**
 * What partitions need for being compacted.
 *
 * @param cleaner is told which partitions want it
 * @param contents opens batches, for one pass each
 */
public record CompactionSetup(
        ActorRef<LogCleaner.Command> cleaner, Supplier<BatchContents> contents, CompactionMemory memory) {}
