package io.aeon.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Set;

/** One open file of the real file system. */
final class DiskFile implements LogFile {
    /**
     * Larger transfers are split: the JDK keeps a direct buffer of the size of the largest transfer for each thread.
     */
    private static final int WRITE_PIECE = 1 << 20;

    /** Small enough that the bytes are still in the processor's cache when they are copied again. */
    private static final int READ_PIECE = 128 << 10;

    private final Path path;
    private final Set<Path> suspects;
    private final FileChannel channel;

    /** @param suspects the set to which this file's path is added when an fsync fails */
    DiskFile(Path path, Set<Path> suspects, FileChannel channel) {
        this.path = path;
        this.suspects = suspects;
        this.channel = channel;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        int end = source.limit();
        long at = position;
        try {
            while (source.position() < end) {
                source.limit(Math.min(end, source.position() + WRITE_PIECE));
                at += channel.write(source, at);
            }
        } finally {
            source.limit(end);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        int end = target.limit();
        try {
            while (target.position() < end) {
                target.limit(Math.min(end, target.position() + READ_PIECE));
                if (channel.read(target, position + target.position() - start) < 0) {
                    break;
                }
            }
        } finally {
            target.limit(end);
        }
        return target.position() - start;
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return channel.transferTo(position, count, target);
    }

    @Override
    public void force() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            suspects.add(path);
            throw e;
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        channel.truncate(size);
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public MappedByteBuffer map(long size) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
