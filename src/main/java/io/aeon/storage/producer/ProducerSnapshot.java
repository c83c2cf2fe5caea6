package io.aeon.storage.producer;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Kafka's .snapshot format, which contains one batch per producer. The additional state, the other batches, the
 * snapshot's offset and the offsets of the last markers, follows in a part that Kafka does not read; the CRC covers that
 * part too.
 */
final class ProducerSnapshot {
    private static final short VERSION = 1;
    private static final int CRC = 2;
    private static final int CHECKED_FROM = 6;
    private static final int HEADER_BYTES = 10;
    private static final int ENTRY_BYTES = 46;
    private static final int TRAILER = 0x41454F4E;
    private static final int TRAILER_BYTES = 16;
    private static final int BATCHES_BYTES = 9;
    private static final int BATCH_BYTES = 24;
    private static final int MARKER_BYTES = 16;

    private ProducerSnapshot() {}

    static ByteBuffer encode(ProducerTable producers, long endOffset) {
        int[] more = new int[2];
        int[] markers = new int[1];
        producers.forEach(producer -> {
            markers[0] += endsWithMarker(producer) ? 1 : 0;
            if (exceedsEntry(producer)) {
                more[0]++;
                more[1] += producer.batchCount();
            }
        });
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES
                + producers.size() * ENTRY_BYTES
                + TRAILER_BYTES
                + more[0] * BATCHES_BYTES
                + more[1] * BATCH_BYTES
                + Integer.BYTES
                + markers[0] * MARKER_BYTES);
        bytes.putShort(VERSION).putInt(0).putInt(producers.size());
        producers.forEach(producer -> putEntry(bytes, producer));
        bytes.putInt(TRAILER).putLong(endOffset).putInt(more[0]);
        producers.forEach(producer -> putBatches(bytes, producer));
        bytes.putInt(markers[0]);
        producers.forEach(producer -> putMarker(bytes, producer));
        bytes.flip();
        return bytes.putInt(CRC, crc(bytes));
    }

    /** Whether Kafka's entry, one batch with the time of the last write, cannot contain the whole state. */
    private static boolean exceedsEntry(Producer producer) {
        int count = producer.batchCount();
        return count > 1 || (count == 1 && producer.timestamp(0) != producer.lastTimestamp());
    }

    /** Whether the last write is a marker, for which Kafka's entry has no place. */
    private static boolean endsWithMarker(Producer producer) {
        return !producer.hasOpenTransaction() && producer.lastWrite() > producer.lastOffset();
    }

    private static void putEntry(ByteBuffer bytes, Producer producer) {
        int last = producer.batchCount() - 1;
        bytes.putLong(producer.id())
                .putShort(producer.epoch())
                .putInt(producer.lastSequence())
                .putLong(last < 0 ? -1 : producer.lastOffset(last))
                .putInt(last < 0 ? 0 : producer.offsetDelta(last))
                .putLong(producer.lastTimestamp())
                .putInt(producer.coordinatorEpoch())
                .putLong(producer.transactionStart());
    }

    private static void putBatches(ByteBuffer bytes, Producer producer) {
        if (!exceedsEntry(producer)) {
            return;
        }
        bytes.putLong(producer.id()).put((byte) producer.batchCount());
        for (int batch = 0; batch < producer.batchCount(); batch++) {
            bytes.putInt(producer.firstSequence(batch))
                    .putInt(producer.lastSequence(batch))
                    .putLong(producer.lastOffset(batch))
                    .putLong(producer.timestamp(batch));
        }
    }

    private static void putMarker(ByteBuffer bytes, Producer producer) {
        if (endsWithMarker(producer)) {
            bytes.putLong(producer.id()).putLong(producer.lastWrite());
        }
    }

    /** Passes every producer to {@code reader}; returns false if the bytes are no snapshot at {@code endOffset}. */
    static boolean decode(ByteBuffer snapshot, long endOffset, Consumer<Producer> reader) {
        ByteBuffer bytes = snapshot.slice();
        if (bytes.limit() < HEADER_BYTES || bytes.getShort(0) != VERSION || bytes.getInt(CRC) != crc(bytes)) {
            return false;
        }
        int count = bytes.position(CHECKED_FROM).getInt();
        if (count < 0 || count > (bytes.limit() - HEADER_BYTES) / ENTRY_BYTES) {
            return false;
        }
        try {
            Map<Long, Producer> exceeding =
                    batches(bytes.duplicate().position(HEADER_BYTES + count * ENTRY_BYTES), endOffset);
            for (int i = 0; i < count; i++) {
                reader.accept(entry(bytes, exceeding, endOffset));
            }
            return true;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Producers with only their batches and markers set. A snapshot written by Kafka does not contain this part, and one
     * of an earlier version not the markers.
     */
    private static Map<Long, Producer> batches(ByteBuffer trailer, long endOffset) {
        Map<Long, Producer> exceeding = new HashMap<>();
        if (!trailer.hasRemaining()) {
            return exceeding;
        }
        if (trailer.getInt() != TRAILER || trailer.getLong() != endOffset) {
            throw new IllegalArgumentException("of another offset");
        }
        for (int left = trailer.getInt(); left > 0; left--) {
            Producer producer = new Producer(trailer.getLong());
            for (int batches = trailer.get(); batches > 0; batches--) {
                producer.add(trailer.getInt(), trailer.getInt(), trailer.getLong(), trailer.getLong());
            }
            exceeding.put(producer.id(), producer);
        }
        for (int left = trailer.hasRemaining() ? trailer.getInt() : 0; left > 0; left--) {
            exceeding.computeIfAbsent(trailer.getLong(), Producer::new).endTransaction(trailer.getLong());
        }
        return exceeding;
    }

    private static Producer entry(ByteBuffer bytes, Map<Long, Producer> exceeding, long endOffset) {
        long id = bytes.getLong();
        Producer known = exceeding.get(id);
        Producer producer = known == null ? new Producer(id) : known;
        short epoch = bytes.getShort();
        int lastSequence = bytes.getInt();
        long lastOffset = bytes.getLong();
        int offsetDelta = bytes.getInt();
        long timestamp = bytes.getLong();
        int coordinatorEpoch = bytes.getInt();
        long transactionStart = bytes.getLong();
        if (lastOffset >= endOffset || transactionStart >= endOffset) {
            throw new IllegalArgumentException("of another offset");
        }
        if (producer.batchCount() == 0 && lastOffset >= 0) {
            producer.add(Sequences.subtract(lastSequence, offsetDelta), lastSequence, lastOffset, timestamp);
        }
        producer.restore(epoch, coordinatorEpoch, timestamp, transactionStart);
        return producer;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(CHECKED_FROM));
        return (int) crc.getValue();
    }
}
