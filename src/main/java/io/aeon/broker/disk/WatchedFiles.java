package io.aeon.broker.disk;

import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

/** Files whose reads and writes are observed by a {@link DiskStall}. */
public record WatchedFiles(LogFiles files, DiskStall stall) implements LogFiles {
    @Override
    public LogFile openForWriting(Path file) throws IOException {
        return new WatchedFile(files.openForWriting(file), stall);
    }

    @Override
    public LogFile openForReading(Path file) throws IOException {
        return new WatchedFile(files.openForReading(file), stall);
    }

    @Override
    public boolean exists(Path file) {
        return files.exists(file);
    }

    @Override
    public boolean isDirectory(Path file) {
        return files.isDirectory(file);
    }

    @Override
    public long size(Path file) throws IOException {
        return files.size(file);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return files.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        files.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        files.delete(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        files.forceDirectory(directory);
    }

    @Override
    public boolean isSuspect(Path file) {
        return files.isSuspect(file);
    }

    @Override
    public void trust(Path file) {
        files.trust(file);
    }

    @Override
    public long usableSpace(Path directory) {
        return files.usableSpace(directory);
    }

    @Override
    public long lastModified(Path file) throws IOException {
        return files.lastModified(file);
    }

    private record WatchedFile(LogFile file, DiskStall stall) implements LogFile {
        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            stall.begins();
            try {
                file.write(source, position);
            } finally {
                stall.ends();
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            stall.begins();
            try {
                return file.read(target, position);
            } finally {
                stall.ends();
            }
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            stall.begins();
            try {
                return file.transferTo(position, count, target);
            } finally {
                stall.ends();
            }
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
}
