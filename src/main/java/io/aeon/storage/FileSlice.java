package io.aeon.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Batches lent from a segment's descriptor. */
final class FileSlice implements LogSlice {
    private final Path path;
    private final Shared<LogFile> file;
    private final int start;
    private final int size;
    private final boolean hot;
    private final AtomicBoolean closed = new AtomicBoolean();

    FileSlice(Path path, Shared<LogFile> borrowed, int start, int size, boolean hot) {
        this.path = path;
        this.file = borrowed;
        this.start = start;
        this.size = size;
        this.hot = hot;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean hot() {
        return hot;
    }

    @Override
    public void copyTo(byte[] target, int position) {
        int read;
        try {
            read = file.get().read(ByteBuffer.wrap(target, position, size), start);
        } catch (IOException e) {
            throw new StorageException("cannot read " + path + " at " + start + ": " + e.getMessage(), e);
        }
        if (read < size) {
            throw new StorageException(path + " ends at " + (start + read) + ", inside its own records");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            file.release();
        }
    }
}
