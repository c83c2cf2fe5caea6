package io.aeon.storage.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;

/** One open file. Thread-safe. */
public interface LogFile extends Closeable {
    /** Writes all remaining bytes of {@code source}; after an error any part of them may have been written. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Reads until {@code target} is full or the file ends; returns the number of bytes read. */
    int read(ByteBuffer target, long position) throws IOException;

    /**
     * Transfers bytes to {@code target} inside the kernel, without a copy in this process.
     *
     * @return the number of bytes that {@code target} accepted; also 0 if the file ends before {@code position}
     */
    long transferTo(long position, long count, WritableByteChannel target) throws IOException;

    /** Makes the file's bytes and length durable. */
    void force() throws IOException;

    void truncate(long size) throws IOException;

    long size() throws IOException;

    /** Maps the first {@code size} bytes read-only; they must exist. The map outlives {@link #close()}. */
    MappedByteBuffer map(long size) throws IOException;
}
