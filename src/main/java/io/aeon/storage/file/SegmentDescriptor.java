package io.aeon.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The descriptor of one segment's file, opened when first needed. It can be given up and taken again at any time; but one
 * through which bytes were written only after an fsync: the kernel tells of bytes it could not write back by the
 * descriptor they were written through. Thread-safe.
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
    /** Descriptors that are not closed yet. */
    private final AtomicInteger held = new AtomicInteger();

    SegmentDescriptor(Path path, LogFiles files, MapBudget budget) {
        this.path = path;
        this.files = files;
        this.budget = budget;
    }

    /** Lends it for reading; the borrower releases it. */
    synchronized Shared<LogFile> borrow() throws IOException {
        if (retired) {
            throw new SegmentRetiredException(path);
        }
        if (open == null) {
            open = opened(files.openForReading(path));
        }
        return open.retain();
    }

    /** Gives the file another name, by which it is opened from now on. */
    synchronized void renameTo(Path target) throws IOException {
        files.rename(path, target);
        path = target;
    }

    /** Creates the file if need be. */
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

    /** Once this has failed it always will. */
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

    /** Lets it go; false if that must not be now, or only after an fsync and that is not wanted. */
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

    /** Nothing will be written through it for now, and what was is durable. */
    synchronized void seal() {
        writable = false;
        letGo();
    }

    /** Nothing is opened any more; what is lent out stays. */
    synchronized void retire() {
        retired = true;
        letGo();
    }

    /** Whether somebody has borrowed what was let go. */
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
            throw new StorageException("cannot close " + path + ": " + e.getMessage(), e);
        }
    }
}
