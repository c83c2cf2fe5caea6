package io.aeon.broker.partition;

import akka.actor.typed.ActorRef;
import io.aeon.protocol.BatchSieve;
import io.aeon.storage.compaction.BatchContents;
import io.aeon.storage.compaction.CompactionMemory;
import io.aeon.storage.compaction.RecordCondition;
import java.nio.ByteBuffer;

/** The resources of log compaction, with small limits. */
public final class Compactions {
    private Compactions() {}

    public static CompactionSetup of(ActorRef<LogCleaner.Command> cleaner) {
        return new CompactionSetup(cleaner, Contents::new, new CompactionMemory(1 << 20, 0.9, 1 << 10));
    }

    private static final class Contents implements BatchContents {
        private final BatchSieve sieve = new BatchSieve();

        @Override
        public boolean allMatch(ByteBuffer batch, RecordCondition test) {
            return sieve.allMatch(batch, test::test);
        }

        @Override
        public ByteBuffer retain(ByteBuffer batch, RecordCondition kept, long deleteHorizonMs) {
            return sieve.retain(batch, kept::test, deleteHorizonMs);
        }
    }
}
