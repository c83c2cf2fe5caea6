package io.aeon.broker.partition.cleaning;

import akka.actor.typed.ActorRef;
import io.aeon.storage.compaction.CompactionMemory;
import io.aeon.storage.compaction.KafkaContents;

/** The resources of log compaction, with small limits. */
public final class Compactions {
    private Compactions() {}

    public static CompactionSetup of(ActorRef<LogCleaner.Command> cleaner) {
        return new CompactionSetup(cleaner, KafkaContents::new, () -> new CompactionMemory(1 << 20, 0.9, 1 << 10));
    }
}
