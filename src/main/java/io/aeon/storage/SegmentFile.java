package io.aeon.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one segment: its descriptor, opened when first needed, and a read-only map of it for what readers take in
 * bulk. Both can be given up and taken again at any time; what is lent out stays valid. Thread-safe.
 */
final class SegmentFile implements MapBudget.Tenant {
    private final Path path;
    private final LogFiles files;
    private final MapBudget budget;
    private @Nullable Shared<LogFile> channel;
    private @Nullable Shared<MappedByteBuffer> map;
    private boolean writable;
    private boolean retired;
    private volatile long lastUsed;

    SegmentFile(Path path, LogFiles files, MapBudget budget) {
        this.path = path;
        this.files = files;
        this.budget = budget;
    }

    Path path() {
        return path;
    }

    /** Creates the file if need be and keeps its descriptor until {@link #seal}. */
    synchronized void openForWriting() {
        if (writable) {
            return;
        }
        try {
            letGo();
            channel = new Shared<>(files.openForWriting(path), this::close);
            writable = true;
        } catch (IOException e) {
            throw failed("open", 0, e);
        }
    }

    /** The file will not be written any more: its descriptor may go when it is not read. */
    synchronized void seal() {
        writable = false;
        if (map == null) {
            letGo();
        }
    }

    void write(ByteBuffer source, int position) {
        Shared<LogFile> file = borrowFile();
        try {
            file.get().write(source, position);
        } catch (IOException e) {
            throw failed("write", position, e);
        } finally {
            file.release();
        }
    }

    void force() {
        Shared<LogFile> file = borrowFile();
        try {
            file.get().force();
        } catch (IOException e) {
            throw failed("fsync", 0, e);
        } finally {
            file.release();
        }
    }

    /**
     * Sees that the file is still where its name says, and holds what it did: somebody may have removed or cut it, and a
     * later write fills it up again.
     */
    void requireInPlace(SegmentEnd written, SegmentEnd durable) {
        if (size() < written.position()) {
            throw new StorageException(path + " was removed or cut by somebody else");
        }
        if (durable.lastBatch() < 0) {
            return;
        }
        ByteBuffer header = ByteBuffer.allocate(BatchHeader.BYTES);
        if (read(header, durable.lastBatch()) < BatchHeader.BYTES || BatchHeader.crc(header, 0) != durable.lastCrc()) {
            throw new StorageException(path + " was cut by somebody else, before " + durable.position());
        }
    }

    /** 0 if there is no file yet. */
    long size() {
        try {
            return files.exists(path) ? files.size(path) : 0;
        } catch (IOException e) {
            throw failed("stat", 0, e);
        }
    }

    /** Fills {@code target} as far as the file reaches. */
    int read(ByteBuffer target, long position) {
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
    LogSlice recentSlice(int position, int size, Runnable onFailure) {
        return new FileSlice(path, borrowFile(), position, size, true, onFailure);
    }

    /**
     * Lends bytes from the map if it has them in memory, else from the file.
     *
     * @param onFailure run when the bytes cannot be read after all
     */
    LogSlice slice(int position, int size, int fileSize, Runnable onFailure) {
        Shared<MappedByteBuffer> pages = borrowMap(position + size, fileSize);
        if (pages != null) {
            if (MappedBytes.isLoaded(pages.get(), position, size)) {
                return new MapSlice(pages, position, size, onFailure);
            }
            pages.release();
        }
        return new FileSlice(path, borrowFile(), position, size, false, onFailure);
    }

    /** Whether that range is mapped already and all of it in memory. */
    boolean isLoaded(int position, int size) {
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
    public synchronized void evict() {
        releaseMap();
        if (!writable) {
            letGo();
        }
    }

    /** The segment has left its log: nothing is opened any more, what is lent out stays. */
    void retire() {
        synchronized (this) {
            retired = true;
            releaseMap();
            letGo();
        }
        budget.leave(this);
    }

    private Shared<LogFile> borrowFile() {
        lastUsed = System.nanoTime();
        boolean opened = false;
        Shared<LogFile> borrowed;
        synchronized (this) {
            if (retired) {
                throw new SegmentRetiredException(path);
            }
            if (channel == null) {
                channel = new Shared<>(openForReading(), this::close);
                opened = true;
            }
            borrowed = channel.retain();
        }
        if (opened) {
            admit();
        }
        return borrowed;
    }

    private void admit() {
        budget.admit(this);
        synchronized (this) {
            if (retired) {
                budget.leave(this);
            }
        }
    }

    private LogFile openForReading() {
        try {
            return files.openForReading(path);
        } catch (IOException e) {
            throw failed("open", 0, e);
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
            Shared<MappedByteBuffer> shared = new Shared<>(fresh, MappedBytes::unmap);
            synchronized (this) {
                if (retired) {
                    shared.release();
                    throw new SegmentRetiredException(path);
                }
                releaseMap();
                map = shared.retain();
            }
            admit();
            return shared;
        } catch (IOException e) {
            return null;
        } finally {
            file.release();
        }
    }

    private void releaseMap() {
        if (map != null) {
            map.release();
            map = null;
        }
    }

    private void letGo() {
        if (channel != null) {
            channel.release();
            channel = null;
        }
    }

    private void close(LogFile file) {
        try {
            file.close();
        } catch (IOException e) {
            throw failed("close", 0, e);
        }
    }

    private StorageException failed(String what, long position, IOException cause) {
        return new StorageException(
                "cannot " + what + " " + path + " at " + position + ": " + cause.getMessage(), cause);
    }
}
