package io.aeon.storage.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;

/** One open file. Thread-safe. */
public interface LogFile extends Closeable {
    /** Writes everything that remains in {@code source}; on failure any part of it may have been written. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Reads until {@code target} is full or the file ends; returns how many bytes came. */
    int read(ByteBuffer target, long position) throws IOException;

    /**
     * Has the system write bytes to {@code target} without copying them through this process.
     *
     * @return how many {@code target} took, 0 too if the file ends before {@code position}
     */
    long transferTo(long position, long count, WritableByteChannel target) throws IOException;

    /** Makes the file's bytes and length durable. */
    void force() throws IOException;

    void truncate(long size) throws IOException;

    long size() throws IOException;

    /** Maps the first {@code size} bytes, which must exist, read-only; outlives {@link #close()}. */
    MappedByteBuffer map(long size) throws IOException;
}
