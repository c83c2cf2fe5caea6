package io.aeon.storage.file;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Batches in a segment's memory map; a transfer without a copy uses the segment's descriptor. */
final class MapSlice implements LogSlice {
    private final Shared<MappedByteBuffer> map;
    private final @Nullable Shared<LogFile> file;
    private final int start;
    private final int size;
    private final Runnable onFailure;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param file null when few descriptors are left */
    MapSlice(Shared<MappedByteBuffer> map, @Nullable Shared<LogFile> file, int start, int size, Runnable onFailure) {
        this.map = map;
        this.file = file;
        this.start = start;
        this.size = size;
        this.onFailure = onFailure;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean hot() {
        return true;
    }

    @Override
    public void copyTo(int from, int length, byte[] target, int position) {
        checkOpen();
        try {
            MappedBytes.copy(map.get(), start + from, target, position, length);
        } catch (StorageException e) {
            onFailure.run();
            throw e;
        }
    }

    @Override
    public int transferTo(int from, int length, WritableByteChannel target) throws IOException {
        checkOpen();
        return file == null
                ? target.write(map.get().slice(start + from, length))
                : (int) file.get().transferTo(start + from, length, target);
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the slice is closed");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            map.release();
            if (file != null) {
                file.release();
            }
        }
    }
}
