package io.aeon.coordinator;

import java.nio.ByteBuffer;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records that remain of one partition of a coordinator topic when each key keeps its latest one: the contents of a
 * snapshot. A replay of them builds the same state as a replay of the log so far, and records that follow in the log
 * change both in the same way. Records of open transactions remain as such. Records are not decoded, so that those of
 * unknown kinds remain too. Not thread-safe.
 */
public final class LatestRecords {
    /** The size in bytes at which a batch takes no further records. */
    private static final int BATCH_BYTES = 256 << 10;

    /** Estimated heap of a record without its key and value. */
    private static final long RECORD_BYTES = 200;

    private final RecordBatches batches;
    private final long mostBytes;
    private final Map<Bytes, Kept> latest = new HashMap<>();
    private final Map<Long, Map<Bytes, Kept>> staged = new HashMap<>();
    private long heapBytes;
    private @Nullable String gap;

    private record Kept(long offset, Bytes key, @Nullable Bytes value) {
        long heapBytes() {
            return RECORD_BYTES + size();
        }

        int size() {
            return key.array().length + (value == null ? 0 : value.array().length);
        }

        Kept later(Kept other) {
            return offset > other.offset ? this : other;
        }
    }

    /** @param mostBytes the estimated bytes of heap that the records may take */
    public LatestRecords(RecordBatches batches, long mostBytes) {
        this.batches = batches;
        this.mostBytes = mostBytes;
    }

    /**
     * Adds whole batches; called in offset order.
     *
     * @return the offset after the batches, -1 if there is no batch
     * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is damaged
     */
    public long replay(ByteBuffer bytes) {
        return batches.read(bytes, new RecordBatches.Reader() {
            @Override
            public void record(long offset, long producerId, ByteBuffer key, @Nullable ByteBuffer value) {
                if (gap == null) {
                    add(producerId, new Kept(offset, copy(key), value == null ? null : copy(value)));
                }
            }

            @Override
            public void unreadable(long baseOffset, RuntimeException reason) {
                leaveGap("the batch at offset " + baseOffset + " cannot be read: " + reason.getMessage());
            }

            @Override
            public void end(long offset, long producerId, boolean committed) {
                LatestRecords.this.end(producerId, committed);
            }
        });
    }

    private static Bytes copy(ByteBuffer buffer) {
        byte[] array = new byte[buffer.remaining()];
        buffer.duplicate().get(array);
        return Bytes.of(array);
    }

    private void add(long producerId, Kept record) {
        if (producerId >= 0) {
            put(staged.computeIfAbsent(producerId, absent -> new HashMap<>()), record);
        } else if (record.value() != null) {
            put(latest, record);
        } else {
            remove(latest, record.key());
            // it also deletes what an open transaction has written for the key
            staged.values().removeIf(records -> {
                remove(records, record.key());
                return records.isEmpty();
            });
        }
        if (heapBytes > mostBytes) {
            leaveGap("its records take more than " + mostBytes + " bytes of heap");
        }
    }

    private void put(Map<Bytes, Kept> records, Kept record) {
        Kept old = records.put(record.key(), record);
        heapBytes += record.heapBytes() - (old == null ? 0 : old.heapBytes());
    }

    private void remove(Map<Bytes, Kept> records, Bytes key) {
        Kept old = records.remove(key);
        heapBytes -= old == null ? 0 : old.heapBytes();
    }

    private void end(long producerId, boolean committed) {
        Map<Bytes, Kept> ended = staged.remove(producerId);
        if (ended == null) {
            return;
        }
        for (Kept record : ended.values()) {
            heapBytes -= record.heapBytes();
            if (committed && record.value() == null) {
                remove(latest, record.key());
            } else if (committed) {
                Kept present = latest.get(record.key());
                put(latest, present == null ? record : present.later(record));
            }
        }
    }

    private void leaveGap(String reason) {
        if (gap == null) {
            gap = reason;
            latest.clear();
            staged.clear();
        }
    }

    /** Why these records do not stand for the log; empty if they do. */
    public Optional<String> gap() {
        return Optional.ofNullable(gap);
    }

    /** The number of records. */
    public int size() {
        return latest.size() + staged.values().stream().mapToInt(Map::size).sum();
    }

    /** Passes all records to {@code sink} as v2 batches, with their offsets in the log. */
    public void forEachBatch(Consumer<ByteBuffer> sink) {
        forEachBatch(latest.values(), -1, sink);
        staged.forEach((producerId, records) -> forEachBatch(records.values(), producerId, sink));
    }

    private void forEachBatch(Collection<Kept> records, long producerId, Consumer<ByteBuffer> sink) {
        List<Kept> sorted =
                records.stream().sorted(Comparator.comparingLong(Kept::offset)).toList();
        SortedMap<Long, Map.Entry<ByteBuffer, @Nullable ByteBuffer>> batch = new TreeMap<>();
        int bytes = 0;
        for (Kept record : sorted) {
            boolean full = !batch.isEmpty()
                    && (bytes >= BATCH_BYTES || record.offset() - batch.firstKey() >= Integer.MAX_VALUE);
            if (full) {
                sink.accept(batches.batch(batch, producerId));
                batch.clear();
                bytes = 0;
            }
            bytes += record.size();
            Bytes value = record.value();
            batch.put(
                    record.offset(),
                    new SimpleImmutableEntry<>(
                            ByteBuffer.wrap(record.key().array()),
                            value == null ? null : ByteBuffer.wrap(value.array())));
        }
        if (!batch.isEmpty()) {
            sink.accept(batches.batch(batch, producerId));
        }
    }
}
