package io.aeon.coordinator;

import java.nio.ByteBuffer;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The groups or transactional ids in one partition of a coordinator topic, built by replaying its records. Not
 * thread-safe.
 *
 * @param <R> type of the records
 * @param <M> type of the state that is built from the records
 */
public final class StoredRecords<R, M extends Replayable<R>> {
    private final RecordBatches batches;
    private final RecordFormat<R> format;
    private final Predicate<String> wanted;
    private final Function<String, M> maker;
    private final Unreadable unreadable;
    private final Map<String, M> byId = new HashMap<>();
    private final Map<Long, Set<M>> inTransactions = new HashMap<>();

    /** Receives the records that are skipped. */
    public interface Unreadable {
        /** @param reason null for a record of an unknown kind */
        void passedOver(long offset, @Nullable RuntimeException reason);
    }

    /**
     * @param wanted selects the ids whose state is built
     * @param maker creates the state of a new id
     * @param unreadable receives the records that cannot be read; all others are applied
     */
    public StoredRecords(
            RecordBatches batches,
            RecordFormat<R> format,
            Predicate<String> wanted,
            Function<String, M> maker,
            Unreadable unreadable) {
        this.batches = batches;
        this.format = format;
        this.wanted = wanted;
        this.maker = maker;
        this.unreadable = unreadable;
    }

    /** The partition, of {@code partitions} in all, with the records of {@code id}. */
    public static int partitionFor(String id, int partitions) {
        return Utils.abs(id.hashCode()) % partitions;
    }

    /** Keys and values of these records. */
    public static <R> List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> encode(
            RecordFormat<R> format, Collection<R> records) {
        List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> encoded = new ArrayList<>(records.size());
        for (R record : records) {
            encoded.add(new SimpleImmutableEntry<>(format.key(record), format.value(record)));
        }
        return encoded;
    }

    /**
     * Replays whole batches; called in offset order.
     *
     * @return the offset after the batches, -1 if there is no batch
     * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is damaged
     */
    public long replay(ByteBuffer bytes) {
        return batches.read(bytes, new RecordBatches.Reader() {
            @Override
            public void record(long offset, long producerId, ByteBuffer key, @Nullable ByteBuffer value) {
                try {
                    format.decode(key, value)
                            .ifPresentOrElse(
                                    record -> replay(record, producerId, offset),
                                    () -> unreadable.passedOver(offset, null));
                } catch (RuntimeException e) {
                    unreadable.passedOver(offset, e);
                }
            }

            @Override
            public void unreadable(long baseOffset, RuntimeException reason) {
                unreadable.passedOver(baseOffset, reason);
            }

            @Override
            public void end(long offset, long producerId, boolean committed) {
                Set<M> ended = inTransactions.remove(producerId);
                if (ended != null) {
                    ended.forEach(each -> each.replayEnd(producerId, committed));
                }
            }
        });
    }

    private void replay(R record, long producerId, long offset) {
        String id = format.idOf(record);
        if (!wanted.test(id)) {
            return;
        }
        M replayed = byId.computeIfAbsent(id, maker);
        replayed.replay(record, producerId, offset);
        if (producerId >= 0) {
            inTransactions
                    .computeIfAbsent(producerId, absent -> new HashSet<>())
                    .add(replayed);
        }
    }

    /** The states that exist after the replayed records; they are not started yet. */
    public List<M> existing() {
        List<M> existing = new ArrayList<>(byId.values());
        existing.removeIf(Replayable::isVacant);
        return existing;
    }
}
