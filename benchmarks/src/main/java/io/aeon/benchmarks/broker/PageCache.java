package io.aeon.benchmarks.broker;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Fills the machine's free memory with pages of a file that nobody needs, so that what a broker writes goes where
 * others have written before. A virtual machine may give its free memory back to the host: the first write to such a
 * page waits until the host has found one, for many times as long as the write takes, in one broker's turn and not in
 * the next.
 *
 * <p>The file has holes only: it takes no disk, and each page of it is read once, so that it is the first to go.
 */
public final class PageCache implements AutoCloseable {
    private static final long FILE_BYTES = 1L << 40;

    private final FileChannel holes;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);

    public PageCache(Path directory) throws IOException {
        holes = FileChannel.open(directory.resolve("page-cache"), READ, WRITE, CREATE_NEW, SPARSE, DELETE_ON_CLOSE);
        holes.write(ByteBuffer.allocate(1), FILE_BYTES);
    }

    /** Reads as much of the file as there is free memory; what the kernel can take away again is not free. */
    public void fill() throws IOException {
        for (long lacking = ProcessStats.machineFreeBytes(); lacking > 0; lacking -= buffer.capacity()) {
            holes.read(buffer.clear());
        }
    }

    @Override
    public void close() throws IOException {
        holes.close();
    }
}
