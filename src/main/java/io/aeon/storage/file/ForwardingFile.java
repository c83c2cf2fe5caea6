package io.aeon.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;

/** An open file that leaves every operation to another one; a subclass changes some of the operations. Thread-safe. */
public abstract class ForwardingFile implements LogFile {
    /** The file that does the work. */
    protected final LogFile file;

    protected ForwardingFile(LogFile file) {
        this.file = file;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        file.write(source, position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return file.read(target, position);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return file.transferTo(position, count, target);
    }

    @Override
    public void force() throws IOException {
        file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
        file.truncate(size);
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public MappedByteBuffer map(long size) throws IOException {
        return file.map(size);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
