package io.aeon.coordinator.transaction;

import io.aeon.coordinator.RecordBatches;
import java.nio.ByteBuffer;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** The transactional ids of one partition of the transaction topic, as its log tells them so far. */
public final class TransactionLog {
    /** Name of the transaction topic. */
    public static final String TOPIC = "__transaction_state";

    private final RecordBatches batches;
    private final Predicate<String> wanted;
    private final Function<String, TransactionalProducer> maker;
    private final RecordBatches.Unreadable unreadable;
    private final Map<String, TransactionalProducer> producers = new HashMap<>();

    /**
     * @param wanted which transactional ids to build
     * @param maker makes one that does not exist yet
     * @param unreadable told the records that say nothing; all others count
     */
    public TransactionLog(
            RecordBatches batches,
            Predicate<String> wanted,
            Function<String, TransactionalProducer> maker,
            RecordBatches.Unreadable unreadable) {
        this.unreadable = unreadable;
        this.batches = batches;
        this.wanted = wanted;
        this.maker = maker;
    }

    /** The partition that keeps a transactional id's records, of {@code partitions} there are. */
    public static int partitionFor(String transactionalId, int partitions) {
        return Utils.abs(transactionalId.hashCode()) % partitions;
    }

    /** One batch of this record. */
    public static ByteBuffer batch(RecordBatches batches, TransactionRecord record, long timestampMs) {
        Map.Entry<ByteBuffer, @Nullable ByteBuffer> entry =
                new SimpleImmutableEntry<>(TransactionRecordCodec.key(record), TransactionRecordCodec.value(record));
        return batches.batch(List.of(entry), timestampMs);
    }

    /**
     * Replays whole batches that follow those replayed before.
     *
     * @return the offset after them, -1 if there were none
     * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is damaged
     */
    public long replay(ByteBuffer bytes) {
        return batches.read(bytes, new RecordBatches.Reader() {
            @Override
            public void record(long offset, long producerId, ByteBuffer key, @Nullable ByteBuffer value) {
                try {
                    TransactionRecordCodec.decode(key, value)
                            .filter(record -> wanted.test(record.transactionalId()))
                            .ifPresent(TransactionLog.this::replay);
                } catch (RuntimeException e) {
                    unreadable.passedOver(offset, e);
                }
            }

            @Override
            public void end(long offset, long producerId, boolean committed) {}
        });
    }

    private void replay(TransactionRecord record) {
        producers.computeIfAbsent(record.transactionalId(), maker).replay(record);
    }

    /** The transactional ids that exist by the records replayed; still to be started. */
    public Map<String, TransactionalProducer> producers() {
        producers.values().removeIf(TransactionalProducer::isVacant);
        return producers;
    }
}
