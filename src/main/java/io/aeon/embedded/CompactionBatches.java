package io.aeon.embedded;

import io.aeon.protocol.BatchSieve;
import io.aeon.storage.compaction.BatchContents;
import io.aeon.storage.compaction.RecordCondition;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Gives log compaction access to the records of a batch, because only the protocol room knows the batch format. */
final class CompactionBatches implements BatchContents {
    private final BatchSieve sieve = new BatchSieve();

    @Override
    public boolean allMatch(ByteBuffer batch, RecordCondition test) {
        return sieve.allMatch(batch, test::test);
    }

    @Override
    public @Nullable ByteBuffer retain(ByteBuffer batch, RecordCondition kept, long deleteHorizonMs) {
        return sieve.retain(batch, kept::test, deleteHorizonMs);
    }
}
