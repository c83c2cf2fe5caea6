package io.aeon.storage.file;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * Whole record batches at one place of one segment, borrowed: the segment's file and map stay until {@link #close()}.
 * Any thread may use it, one at a time.
 */
public interface LogSlice extends AutoCloseable {
    /** Bytes in this slice; 0 for an empty one. */
    int size();

    /** Whether {@link #copyTo} will not wait for a disk. A slice that is not hot belongs on the blocking dispatcher. */
    boolean hot();

    /**
     * Copies {@code length} bytes from {@code from} on to {@code target} from {@code position} on.
     *
     * @throws StorageException the bytes cannot be read
     */
    void copyTo(int from, int length, byte[] target, int position);

    /** Copies all {@link #size()} bytes, as {@link #copyTo(int, int, byte[], int)}. */
    default void copyTo(byte[] target, int position) {
        copyTo(0, size(), target, position);
    }

    /**
     * Writes of {@code length} bytes from {@code from} on what {@code target} takes at once, without copying them where
     * that can be.
     *
     * @return how many it took; none, too, where {@link #copyTo} would say what is wrong with them
     * @throws IOException they could not be read, or not written
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
