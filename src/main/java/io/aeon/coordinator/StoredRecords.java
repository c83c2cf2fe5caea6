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
 * What the log of one partition of a coordinator topic tells of those it keeps, as far as it is replayed. Not thread-safe.
 *
 * @param <R> a record
 * @param <M> what is built from its records
 */
public final class StoredRecords<R, M extends Replayable<R>> {
    private final RecordBatches batches;
    private final RecordFormat<R> format;
    private final Predicate<String> wanted;
    private final Function<String, M> maker;
    private final Unreadable unreadable;
    private final Map<String, M> byId = new HashMap<>();
    private final Map<Long, Set<M>> inTransactions = new HashMap<>();

    /** Hears of a record that is passed over. */
    public interface Unreadable {
        /** @param reason null for a kind of record that is not known */
        void passedOver(long offset, @Nullable RuntimeException reason);
    }

    /**
     * @param wanted which ones, by id, to build
     * @param maker makes one that does not exist yet
     * @param unreadable told the records that say nothing here; all others count
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

    /** The partition that keeps the records of {@code id}, of {@code partitions} there are. */
    public static int partitionFor(String id, int partitions) {
        return Utils.abs(id.hashCode()) % partitions;
    }

    /** Keys and values of these records. */
    public static <R> List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> encode(
            RecordFormat<R> format, Collection<R> records) {
        return records.stream()
                .<Map.Entry<ByteBuffer, @Nullable ByteBuffer>>map(
                        record -> new SimpleImmutableEntry<>(format.key(record), format.value(record)))
                .toList();
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
                    format.decode(key, value)
                            .ifPresentOrElse(
                                    record -> replay(record, producerId, offset),
                                    () -> unreadable.passedOver(offset, null));
                } catch (RuntimeException e) {
                    unreadable.passedOver(offset, e);
                }
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

    /** Those that exist by the records replayed; still to be started. */
    public List<M> existing() {
        List<M> existing = new ArrayList<>(byId.values());
        existing.removeIf(Replayable::isVacant);
        return existing;
    }
}
