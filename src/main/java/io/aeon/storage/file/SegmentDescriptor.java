package io.aeon.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The descriptor of one segment's file, opened on first use. It can be closed and opened again at any time. A
 * descriptor with unsynced writes is closed only after an fsync: the kernel reports a failed write-back only to the
 * descriptor through which the bytes were written. Thread-safe.
 */
final class SegmentDescriptor {
    private volatile Path path;
    private final LogFiles files;
    private final MapBudget budget;
    private @Nullable Shared<LogFile> open;
    private boolean writable;
    private boolean retired;
    private int writing;
    private long writes;
    private long forcedWrites;
    private @Nullable IOException lost;
    /** Descriptors that are still open. */
    private final AtomicInteger held = new AtomicInteger();

    SegmentDescriptor(Path path, LogFiles files, MapBudget budget) {
        this.path = path;
        this.files = files;
        this.budget = budget;
    }

    /** Lends the descriptor for reading; the borrower releases it. */
    synchronized Shared<LogFile> borrow() throws IOException {
        if (retired) {
            throw new SegmentRetiredException(path);
        }
        if (open == null) {
            open = opened(files.openForReading(path));
        }
        return open.retain();
    }

    /** Renames the file; later openings use the new name. */
    synchronized void renameTo(Path target) throws IOException {
        files.rename(path, target);
        path = target;
    }

    /** Creates the file if it does not exist. */
    void openForWriting() throws IOException {
        endWrite(beginWrite(), false);
    }

    void write(ByteBuffer source, long position) throws IOException {
        Shared<LogFile> file = beginWrite();
        try {
            file.get().write(source, position);
        } finally {
            endWrite(file, true);
        }
    }

    private synchronized Shared<LogFile> beginWrite() throws IOException {
        if (!writable) {
            letGo();
            open = opened(files.openForWriting(path));
            writable = true;
        }
        writing++;
        return Objects.requireNonNull(open).retain();
    }

    private void endWrite(Shared<LogFile> file, boolean written) {
        synchronized (this) {
            writing--;
            writes += written ? 1 : 0;
        }
        file.release();
    }

    /** After one failure, every later call fails. */
    void force() throws IOException {
        Shared<LogFile> file;
        long covered;
        synchronized (this) {
            if (lost != null) {
                throw lost;
            }
            file = borrow();
            covered = writes;
        }
        try {
            file.get().force();
        } catch (IOException e) {
            synchronized (this) {
                lost = e;
            }
            throw e;
        } finally {
            file.release();
        }
        synchronized (this) {
            forcedWrites = Math.max(forcedWrites, covered);
        }
    }

    /**
     * Closes the descriptor; returns false if it is being written, or if it needs an fsync and {@code evenIfItWaits} is
     * false.
     */
    boolean giveUp(boolean evenIfItWaits) {
        if (giveUpIfForced()) {
            return true;
        }
        if (!evenIfItWaits) {
            return false;
        }
        try {
            force();
            return giveUpIfForced();
        } catch (IOException | SegmentRetiredException e) {
            return false;
        }
    }

    private synchronized boolean giveUpIfForced() {
        boolean forced = writing == 0 && forcedWrites == writes && lost == null;
        if (forced) {
            seal();
        }
        return forced;
    }

    /** The caller guarantees that all writes are durable and that no write follows for now. */
    synchronized void seal() {
        writable = false;
        letGo();
    }

    /** No new descriptor is opened from now on; lent descriptors stay open until they are returned. */
    synchronized void retire() {
        retired = true;
        letGo();
    }

    /** Whether a descriptor is still open, for this object or a borrower. */
    boolean isHeld() {
        return held.get() > 0;
    }

    private Shared<LogFile> opened(LogFile file) {
        held.incrementAndGet();
        budget.opened();
        return new Shared<>(file, this::close);
    }

    private void letGo() {
        if (open != null) {
            open.release();
            open = null;
        }
    }

    private void close(LogFile file) {
        held.decrementAndGet();
        budget.closed();
        try {
            file.close();
        } catch (IOException e) {
            throw StorageException.of("cannot close " + path, e);
        }
    }
}
