package io.aeon.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one segment: its descriptor, opened on first use, and a read-only memory map for large reads. Both can
 * be closed and opened again at any time; a lent slice stays valid. Thread-safe.
 */
public final class SegmentFile implements MapBudget.Tenant {
    /** The kernel looks at each page of a map, and a fetch may ask for tens of thousands only to wait for more. */
    private static final int MOST_CHECKED = 2 << 20;

    private static final int COPIED = 64 << 10;

    private volatile Path path;
    private final LogFiles files;
    private final MapBudget budget;
    private final SegmentDescriptor descriptor;
    private @Nullable Shared<MappedByteBuffer> map;
    private boolean retired;
    private volatile long lastUsed;
    /** Maps that are not unmapped yet. */
    private final AtomicInteger mapped = new AtomicInteger();

    /** @param path the file; it need not exist before {@link #openForWriting} */
    public SegmentFile(Path path, LogFiles files, MapBudget budget) {
        this.path = path;
        this.files = files;
        this.budget = budget;
        this.descriptor = new SegmentDescriptor(path, files, budget);
    }

    /** The file's present name. */
    public Path path() {
        return path;
    }

    /** Renames the file, also while it is read. */
    public synchronized void renameTo(Path target) {
        try {
            descriptor.renameTo(target);
            path = target;
        } catch (IOException e) {
            throw failed("rename", 0, e);
        }
    }

    /** Creates the file if it does not exist. */
    public void openForWriting() {
        try {
            descriptor.openForWriting();
        } catch (IOException e) {
            throw failed("open", 0, e);
        }
        used();
    }

    /** No write follows and all bytes are durable, so the descriptor may be closed when no reader uses it. */
    public synchronized void seal() {
        if (map == null) {
            descriptor.seal();
            budget.leave(this);
        }
    }

    /** Writes all of {@code source}. */
    public void write(ByteBuffer source, int position) {
        try {
            descriptor.write(source, position);
        } catch (IOException e) {
            throw failed("write", position, e);
        }
        used();
    }

    /** Makes all earlier writes durable. */
    public void force() {
        try {
            descriptor.force();
        } catch (IOException e) {
            throw failed("fsync", 0, e);
        }
        used();
    }

    /** The file's size in bytes; 0 if there is no file yet. */
    public long size() {
        try {
            return files.exists(path) ? files.size(path) : 0;
        } catch (IOException e) {
            throw failed("stat", 0, e);
        }
    }

    /** Reads until {@code target} is full or the file ends. */
    public int read(ByteBuffer target, long position) {
        Shared<LogFile> file = borrowFile();
        try {
            return file.get().read(target, position);
        } catch (IOException e) {
            throw failed("read", position, e);
        } finally {
            file.release();
        }
    }

    /**
     * Lends bytes that were written recently. They are in the page cache, so the map need not grow to cover them.
     *
     * @param onFailure run when the bytes cannot be read
     */
    public LogSlice recentSlice(int position, int size, Runnable onFailure) {
        return lend(new FileSlice(path, borrowFile(), position, size, true, onFailure));
    }

    /**
     * When few descriptors are left, a small slice is copied, so that it does not hold a descriptor until it is sent.
     */
    private LogSlice lend(FileSlice slice) {
        return budget.isTight() && slice.size() <= COPIED ? HeapSlice.of(slice) : slice;
    }

    /**
     * Lends bytes from the map if they are in memory, otherwise from the file; so many that the check would take long
     * always from the file.
     *
     * @param onFailure run when the bytes cannot be read
     */
    public LogSlice slice(int position, int size, int fileSize, Runnable onFailure) {
        Shared<MappedByteBuffer> pages = size > MOST_CHECKED ? null : borrowMap(position + size, fileSize);
        if (pages != null) {
            try {
                if (MappedBytes.isLoaded(pages.get(), position, size)) {
                    return new MapSlice(pages, budget.isTight() ? null : borrowFile(), position, size, onFailure);
                }
            } catch (RuntimeException e) {
                pages.release();
                throw e;
            }
            pages.release();
        }
        return lend(new FileSlice(path, borrowFile(), position, size, false, onFailure));
    }

    /** Whether the whole range is mapped and in memory. */
    public boolean isLoaded(int position, int size) {
        Shared<MappedByteBuffer> pages = existingMap(position + size);
        if (pages == null) {
            return false;
        }
        try {
            return MappedBytes.isLoaded(pages.get(), position, size);
        } finally {
            pages.release();
        }
    }

    @Override
    public long lastUsed() {
        return lastUsed;
    }

    @Override
    public boolean evict(boolean evenIfItWaits) {
        synchronized (this) {
            releaseMap();
        }
        return descriptor.giveUp(evenIfItWaits);
    }

    /** The segment has left its log: the file is not opened again, lent slices stay valid. */
    public void retire() {
        synchronized (this) {
            retired = true;
            releaseMap();
        }
        descriptor.retire();
        budget.retired(this);
    }

    /** Whether this retired file is still lent to a reader, also by a log that has been closed since. */
    public boolean isLent() {
        return isHeld() || budget.isLent(path);
    }

    /** Whether a descriptor or a map is open; those of a retired file are lent. */
    boolean isHeld() {
        return mapped.get() > 0 || descriptor.isHeld();
    }

    private Shared<LogFile> borrowFile() {
        Shared<LogFile> borrowed;
        try {
            borrowed = descriptor.borrow();
        } catch (IOException e) {
            throw failed("open", 0, e);
        }
        used();
        return borrowed;
    }

    private void used() {
        lastUsed = System.nanoTime();
        if (budget.admit(this)) {
            synchronized (this) {
                if (retired) {
                    budget.leave(this);
                }
            }
        }
    }

    private synchronized @Nullable Shared<MappedByteBuffer> existingMap(int upTo) {
        return map != null && map.get().capacity() >= upTo ? map.retain() : null;
    }

    private @Nullable Shared<MappedByteBuffer> borrowMap(int upTo, int fileSize) {
        Shared<MappedByteBuffer> existing = existingMap(upTo);
        if (existing != null || budget.limit() == 0) {
            lastUsed = System.nanoTime();
            return existing;
        }
        Shared<LogFile> file = borrowFile();
        try {
            MappedByteBuffer fresh = file.get().map(fileSize);
            mapped.incrementAndGet();
            Shared<MappedByteBuffer> shared = new Shared<>(fresh, this::unmap);
            synchronized (this) {
                if (retired) {
                    shared.release();
                    throw new SegmentRetiredException(path);
                }
                releaseMap();
                map = shared.retain();
            }
            used();
            return shared;
        } catch (IOException e) {
            return null;
        } finally {
            file.release();
        }
    }

    private void unmap(MappedByteBuffer pages) {
        mapped.decrementAndGet();
        MappedBytes.unmap(pages);
    }

    private void releaseMap() {
        if (map != null) {
            map.release();
            map = null;
        }
    }

    private StorageException failed(String what, long position, IOException cause) {
        return StorageException.of("cannot " + what + " " + path + " at " + position, cause);
    }
}
