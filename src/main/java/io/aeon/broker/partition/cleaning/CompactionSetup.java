package io.aeon.broker.partition.cleaning;

import akka.actor.typed.ActorRef;
import io.aeon.storage.compaction.BatchContents;
import io.aeon.storage.compaction.CompactionMemory;
import java.util.function.Supplier;

/**
 * The resources that partitions need for log compaction.
 *
 * @param cleaner receives the compaction need of each partition
 * @param contents creates the access to batch contents, one for each pass
 * @param memory the memory that a pass which begins now may take
 */
public record CompactionSetup(
        ActorRef<LogCleaner.Command> cleaner, Supplier<BatchContents> contents, Supplier<CompactionMemory> memory) {}
