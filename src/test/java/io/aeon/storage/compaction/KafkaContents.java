package io.aeon.storage.compaction;

import io.aeon.protocol.BatchSieve;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.ApiException;

/** Opens batches for compaction as the broker does. */
public final class KafkaContents implements BatchContents {
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
