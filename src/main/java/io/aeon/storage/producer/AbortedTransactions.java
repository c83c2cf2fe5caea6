package io.aeon.storage.producer;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The aborted transactions whose markers are in one segment, in marker order, and their encoding in Kafka's .txnindex
 * format. One writer, any number of readers.
 */
public final class AbortedTransactions {
    private static final short VERSION = 0;
    private static final int ENTRY_BYTES = 34;
    private static final AbortedTransaction[] NONE = {};

    private volatile Entries entries = new Entries(NONE, 0);

    /** The published entries; slots below {@code count} never change. */
    private static final class Entries {
        private final AbortedTransaction[] slots;
        private final int count;

        Entries(AbortedTransaction[] slots, int count) {
            this.slots = slots;
            this.count = count;
        }
    }

    /**
     * The expected contents of a .txnindex file; more entries may follow the first {@code count}.
     *
     * @param crc CRC-32C of the bytes of the first {@code count} entries
     */
    public record TransactionChecksum(int count, int crc) {}

    /** Ignores a transaction whose marker is not after the last one's: it is already known. */
    public void add(AbortedTransaction transaction) {
        Entries now = entries;
        if (now.count > 0 && transaction.lastOffset() <= now.slots[now.count - 1].lastOffset()) {
            return;
        }
        boolean full = now.count == now.slots.length;
        AbortedTransaction[] slots = full ? Arrays.copyOf(now.slots, Math.max(4, 2 * now.count)) : now.slots;
        slots[now.count] = transaction;
        entries = new Entries(slots, now.count + 1);
    }

    public int count() {
        return entries.count;
    }

    /**
     * Passes the transactions with a record in {@code [from, to)} to {@code reader}.
     *
     * @return whether a transaction whose marker is in a later segment may also have a record there
     */
    public boolean collect(long from, long to, Consumer<AbortedTransaction> reader) {
        Entries now = entries;
        for (int slot = firstEndingAt(now, from); slot < now.count; slot++) {
            AbortedTransaction each = now.slots[slot];
            if (each.firstOffset() < to) {
                reader.accept(each);
            }
            if (each.lastStableOffset() >= to) {
                return false;
            }
        }
        return true;
    }

    /** The transactions with a marker below {@code endOffset}. */
    AbortedTransactions before(long endOffset) {
        Entries now = entries;
        AbortedTransactions before = new AbortedTransactions();
        before.entries = new Entries(now.slots.clone(), firstEndingAt(now, endOffset));
        return before;
    }

    /** The file contents: the transactions with a marker below {@code endOffset}. */
    public ByteBuffer encode(long endOffset) {
        Entries now = entries;
        int count = firstEndingAt(now, endOffset);
        ByteBuffer bytes = ByteBuffer.allocate(count * ENTRY_BYTES);
        for (int slot = 0; slot < count; slot++) {
            AbortedTransaction each = now.slots[slot];
            bytes.putShort(VERSION)
                    .putLong(each.producerId())
                    .putLong(each.firstOffset())
                    .putLong(each.lastOffset())
                    .putLong(each.lastStableOffset());
        }
        return bytes.flip();
    }

    /** The checksum of bytes from {@link #encode}. */
    public static TransactionChecksum checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return new TransactionChecksum(bytes.remaining() / ENTRY_BYTES, (int) crc.getValue());
    }

    /** The transactions with the checksum {@code expected}, null if {@code bytes} do not begin with them. */
    public static @Nullable AbortedTransactions decode(ByteBuffer bytes, TransactionChecksum expected) {
        if (bytes.remaining() / ENTRY_BYTES < expected.count()) {
            return null;
        }
        ByteBuffer checked = bytes.slice(bytes.position(), expected.count() * ENTRY_BYTES);
        return checksum(checked).equals(expected) ? decode(checked, 0, Long.MAX_VALUE) : null;
    }

    /** The transactions in {@code bytes} of a segment with these offsets, null if the bytes are invalid. */
    public static @Nullable AbortedTransactions decode(ByteBuffer bytes, long baseOffset, long nextOffset) {
        AbortedTransactions aborted = new AbortedTransactions();
        if (bytes.remaining() % ENTRY_BYTES != 0) {
            return null;
        }
        long last = baseOffset - 1;
        for (ByteBuffer left = bytes.slice(); left.hasRemaining(); ) {
            short version = left.getShort();
            AbortedTransaction each =
                    new AbortedTransaction(left.getLong(), left.getLong(), left.getLong(), left.getLong());
            if (version != VERSION || each.lastOffset() <= last || each.lastOffset() >= nextOffset) {
                return null;
            }
            last = each.lastOffset();
            aborted.add(each);
        }
        return aborted;
    }

    /** The first slot whose marker is at or after {@code offset}. */
    private static int firstEndingAt(Entries in, long offset) {
        int low = 0;
        int high = in.count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (in.slots[middle].lastOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
