package io.aeon.storage.file;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * Borrowed record batches: whole batches at one place of one segment. The segment's file and map stay open until
 * {@link #close()}. Any thread may use a slice, one thread at a time.
 */
public interface LogSlice extends AutoCloseable {
    /** Bytes in this slice; 0 for an empty slice. */
    int size();

    /** Whether {@link #copyTo} does not wait for a disk. A slice that is not hot belongs on the blocking dispatcher. */
    boolean hot();

    /**
     * Copies {@code length} bytes, from {@code from} in this slice to {@code position} in {@code target}.
     *
     * @throws StorageException the bytes cannot be read
     */
    void copyTo(int from, int length, byte[] target, int position);

    /** Copies all {@link #size()} bytes like {@link #copyTo(int, int, byte[], int)}. */
    default void copyTo(byte[] target, int position) {
        copyTo(0, size(), target, position);
    }

    /**
     * Writes up to {@code length} bytes, starting at {@code from}, without blocking, and without a copy if possible.
     *
     * @return the number of bytes that {@code target} accepted; also 0 for bytes that {@link #copyTo} reports as
     *     unreadable
     * @throws IOException the bytes could not be read or not written
     */
    int transferTo(int from, int length, WritableByteChannel target) throws IOException;

    @Override
    void close();

    /** The slice without bytes. */
    LogSlice EMPTY = new LogSlice() {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public boolean hot() {
            return true;
        }

        @Override
        public void copyTo(int from, int length, byte[] target, int position) {}

        @Override
        public int transferTo(int from, int length, WritableByteChannel target) {
            return 0;
        }

        @Override
        public void close() {}
    };
}
