package io.aeon.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Batches that were copied to the heap. */
final class HeapSlice implements LogSlice {
    private final byte[] bytes;

    private HeapSlice(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies {@code slice} and closes it. */
    static HeapSlice of(LogSlice slice) {
        try (slice) {
            byte[] bytes = new byte[slice.size()];
            slice.copyTo(bytes, 0);
            return new HeapSlice(bytes);
        }
    }

    @Override
    public int size() {
        return bytes.length;
    }

    @Override
    public boolean hot() {
        return true;
    }

    @Override
    public void copyTo(int from, int length, byte[] target, int position) {
        System.arraycopy(bytes, from, target, position, length);
    }

    @Override
    public int transferTo(int from, int length, WritableByteChannel target) throws IOException {
        return target.write(ByteBuffer.wrap(bytes, from, length));
    }

    @Override
    public void close() {}
}
