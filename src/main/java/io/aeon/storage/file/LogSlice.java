package io.aeon.storage.file;

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
        public void close() {}
    };
}
