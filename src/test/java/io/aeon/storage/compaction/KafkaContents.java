package io.aeon.storage.compaction;

import io.aeon.protocol.BatchSieve;
import java.nio.ByteBuffer;

/** Opens batches for compaction as the broker does. */
final class KafkaContents implements BatchContents {
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
