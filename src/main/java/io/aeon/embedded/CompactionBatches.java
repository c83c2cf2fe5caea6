package io.aeon.embedded;

import io.aeon.protocol.BatchSieve;
import io.aeon.storage.compaction.BatchContents;
import io.aeon.storage.compaction.RecordCondition;
import io.aeon.storage.compaction.UnreadableBatchException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;

/** Gives log compaction access to the records of a batch, because only the protocol room knows the batch format. */
final class CompactionBatches implements BatchContents {
    private final BatchSieve sieve = new BatchSieve();

    @Override
    public boolean allMatch(ByteBuffer batch, RecordCondition test) {
        try {
            return sieve.allMatch(batch, test::test);
        } catch (ApiException e) {
            throw unreadable(e);
        }
    }

    @Override
    public @Nullable ByteBuffer retain(ByteBuffer batch, RecordCondition kept, long deleteHorizonMs) {
        try {
            return sieve.retain(batch, kept::test, deleteHorizonMs);
        } catch (ApiException e) {
            throw unreadable(e);
        }
    }

    /** A codec's library that cannot be loaded is not the fault of a batch. */
    private static RuntimeException unreadable(ApiException cause) {
        return cause instanceof KafkaStorageException
                ? cause
                : new UnreadableBatchException(String.valueOf(cause.getMessage()), cause);
    }
}
