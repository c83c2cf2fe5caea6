package io.aeon.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one segment: its descriptor, opened when first needed, and a read-only map of it for what readers take in
 * bulk. Both can be given up and taken again at any time; what is lent out stays valid. Thread-safe.
 */
public final class SegmentFile implements MapBudget.Tenant {
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

    /** @param path need not exist before {@link #openForWriting} */
    public SegmentFile(Path path, LogFiles files, MapBudget budget) {
        this.path = path;
        this.files = files;
        this.budget = budget;
        this.descriptor = new SegmentDescriptor(path, files, budget);
    }

    /** Its name now. */
    public Path path() {
        return path;
    }

    /** Gives the file another name, whoever may be reading it. */
    public synchronized void renameTo(Path target) {
        try {
            descriptor.renameTo(target);
            path = target;
        } catch (IOException e) {
            throw failed("rename", 0, e);
        }
    }

    /** Creates the file if need be. */
    public void openForWriting() {
        try {
            descriptor.openForWriting();
        } catch (IOException e) {
            throw failed("open", 0, e);
        }
        used();
    }

    /** The file will not be written any more, and what was is durable: its descriptor may go when it is not read. */
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

    /** Makes durable what was written before the call. */
    public void force() {
        try {
            descriptor.force();
        } catch (IOException e) {
            throw failed("fsync", 0, e);
        }
        used();
    }

    /** 0 if there is no file yet. */
    public long size() {
        try {
            return files.exists(path) ? files.size(path) : 0;
        } catch (IOException e) {
            throw failed("stat", 0, e);
        }
    }

    /** Fills {@code target} as far as the file reaches. */
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
     * Lends bytes that were written a moment ago: the page cache has them, the map need not grow for them.
     *
     * @param onFailure run when the bytes cannot be read after all
     */
    public LogSlice recentSlice(int position, int size, Runnable onFailure) {
        return lend(new FileSlice(path, borrowFile(), position, size, true, onFailure));
    }

    /** When descriptors get short, a small slice brings its bytes along instead of holding one until it is sent. */
    private LogSlice lend(FileSlice slice) {
        return budget.isTight() && slice.size() <= COPIED ? HeapSlice.of(slice) : slice;
    }

    /**
     * Lends bytes from the map if it has them in memory, else from the file.
     *
     * @param onFailure run when the bytes cannot be read after all
     */
    public LogSlice slice(int position, int size, int fileSize, Runnable onFailure) {
        Shared<MappedByteBuffer> pages = borrowMap(position + size, fileSize);
        if (pages != null) {
            if (MappedBytes.isLoaded(pages.get(), position, size)) {
                return new MapSlice(pages, budget.isTight() ? null : borrowFile(), position, size, onFailure);
            }
            pages.release();
        }
        return lend(new FileSlice(path, borrowFile(), position, size, false, onFailure));
    }

    /** Whether that range is mapped already and all of it in memory. */
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

    /** The segment has left its log: nothing is opened any more, what is lent out stays. */
    public void retire() {
        synchronized (this) {
            retired = true;
            releaseMap();
        }
        descriptor.retire();
        budget.leave(this);
    }

    /** Of a retired file: whether somebody still reads from it. */
    public boolean isLent() {
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
        return new StorageException(
                "cannot " + what + " " + path + " at " + position + ": " + cause.getMessage(), cause);
    }
}
