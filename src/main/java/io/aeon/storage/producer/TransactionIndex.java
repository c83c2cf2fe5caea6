package io.aeon.storage.producer;

import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.AbortedTransactions.TransactionChecksum;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A segment's .txnindex: on the heap while the segment grows, later in the file until it is read. One writer for a
 * growing index; otherwise thread-safe.
 */
final class TransactionIndex {
    private final Path path;
    private final LogFiles files;
    private volatile @Nullable AbortedTransactions growing;
    private volatile SoftReference<@Nullable AbortedTransactions> loaded = new SoftReference<>(null);
    private @Nullable TransactionChecksum written;

    /** @param written the part of {@code known} that is in the file, null if there is none */
    TransactionIndex(Path path, LogFiles files, AbortedTransactions known, @Nullable TransactionChecksum written) {
        this.path = path;
        this.files = files;
        this.growing = known;
        this.written = written;
    }

    void add(AbortedTransaction transaction) {
        AbortedTransactions all = growing;
        if (all == null) {
            throw new IllegalStateException(path + " is sealed");
        }
        all.add(transaction);
    }

    boolean isInMemory() {
        return growing != null || loaded.get() != null;
    }

    /** The aborted transactions. May wait for a disk unless {@link #isInMemory}. */
    AbortedTransactions read() {
        AbortedTransactions all = growing;
        if (all == null) {
            all = loaded.get();
        }
        return all != null ? all : load();
    }

    private synchronized AbortedTransactions load() {
        ByteBuffer bytes = AtomicFile.read(files, path);
        AbortedTransactions all = bytes == null || written == null ? null : AbortedTransactions.decode(bytes, written);
        if (all == null) {
            throw new StorageException(
                    path + " was damaged after it was written; the next opening of the log rebuilds it");
        }
        loaded = new SoftReference<>(all);
        return all;
    }

    /** Writes the transactions whose markers are below {@code endOffset} to the file. */
    synchronized TransactionChecksum write(long endOffset) {
        AbortedTransactions all = growing;
        TransactionChecksum before = written;
        if (all == null && before != null) {
            return before;
        }
        ByteBuffer bytes = read().encode(endOffset);
        TransactionChecksum now = AbortedTransactions.checksum(bytes);
        if (!now.equals(before)) {
            AtomicFile.replace(files, path, bytes);
            written = now;
        }
        return now;
    }

    /** Ends the index: no transaction is added after this. */
    synchronized TransactionChecksum seal() {
        TransactionChecksum all = write(Long.MAX_VALUE);
        if (growing != null) {
            loaded = new SoftReference<>(growing);
            growing = null;
        }
        return all;
    }
}
