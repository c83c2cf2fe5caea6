package io.aeon.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Batches that are read through a segment's descriptor. */
final class FileSlice implements LogSlice {
    private final Path path;
    private final Shared<LogFile> file;
    private final int start;
    private final int size;
    private final boolean hot;
    private final Runnable onFailure;
    private final AtomicBoolean closed = new AtomicBoolean();

    FileSlice(Path path, Shared<LogFile> borrowed, int start, int size, boolean hot, Runnable onFailure) {
        this.path = path;
        this.file = borrowed;
        this.start = start;
        this.size = size;
        this.hot = hot;
        this.onFailure = onFailure;
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
    public void copyTo(int from, int length, byte[] target, int position) {
        int read;
        try {
            read = file.get().read(ByteBuffer.wrap(target, position, length), start + from);
        } catch (IOException e) {
            onFailure.run();
            throw StorageException.of("cannot read " + path + " at " + (start + from), e);
        }
        if (read < length) {
            onFailure.run();
            throw new StorageException(path + " ends at " + (start + from + read) + ", inside its own records");
        }
    }

    @Override
    public int transferTo(int from, int length, WritableByteChannel target) throws IOException {
        return (int) file.get().transferTo(start + from, length, target);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            file.release();
        }
    }
}
