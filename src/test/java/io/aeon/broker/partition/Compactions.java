package io.aeon.broker.partition;

import akka.actor.typed.ActorRef;
import io.aeon.protocol.BatchSieve;
import io.aeon.storage.compaction.BatchContents;
import io.aeon.storage.compaction.CompactionMemory;
import io.aeon.storage.compaction.RecordCondition;
import io.aeon.storage.compaction.UnreadableBatchException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.ApiException;

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
            try {
                return sieve.allMatch(batch, test::test);
            } catch (ApiException e) {
                throw new UnreadableBatchException(e.getMessage(), e);
            }
        }

        @Override
        public ByteBuffer retain(ByteBuffer batch, RecordCondition kept, long deleteHorizonMs) {
            try {
                return sieve.retain(batch, kept::test, deleteHorizonMs);
            } catch (ApiException e) {
                throw new UnreadableBatchException(e.getMessage(), e);
            }
        }
    }
}
