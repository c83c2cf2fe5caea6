package io.aeon.embedded;

import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

/** The files of one run of a broker in a test, with the faults of the disk; none can be changed after the run is killed. */
final class ControlledFiles implements LogFiles {
    private final LogFiles disk;
    private final DiskFaults faults;
    private final UnforcedBytes unforced;
    private volatile boolean killed;

    ControlledFiles(LogFiles disk, DiskFaults faults, UnforcedBytes unforced) {
        this.disk = disk;
        this.faults = faults;
        this.unforced = unforced;
    }

    /** The process that uses the files is dead from now on. */
    void kill() {
        killed = true;
    }

    private void requireAlive() throws IOException {
        if (killed) {
            throw new IOException("the broker was killed");
        }
    }

    @Override
    public LogFile openForWriting(Path file) throws IOException {
        requireAlive();
        if (disk.exists(file)) {
            unforced.opened(file, disk.size(file));
        } else {
            faults.write(file);
            unforced.created(file);
        }
        return new ControlledFile(file, disk.openForWriting(file));
    }

    @Override
    public LogFile openForReading(Path file) throws IOException {
        return new ControlledFile(file, disk.openForReading(file));
    }

    @Override
    public boolean exists(Path file) {
        return disk.exists(file);
    }

    @Override
    public boolean isDirectory(Path file) {
        return disk.isDirectory(file);
    }

    @Override
    public long size(Path file) throws IOException {
        return disk.size(file);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        requireAlive();
        faults.write(directory);
        disk.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        requireAlive();
        disk.rename(from, to);
        unforced.renamed(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        requireAlive();
        disk.delete(file);
        unforced.deleted(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        requireAlive();
        faults.force(directory);
        disk.forceDirectory(directory);
    }

    @Override
    public boolean isSuspect(Path file) {
        return disk.isSuspect(file);
    }

    @Override
    public void trust(Path file) {
        disk.trust(file);
    }

    @Override
    public long usableSpace(Path directory) {
        return faults.isFull() ? 0 : disk.usableSpace(directory);
    }

    @Override
    public long lastModified(Path file) throws IOException {
        return disk.lastModified(file);
    }

    private final class ControlledFile implements LogFile {
        private final Path path;
        private final LogFile file;

        private ControlledFile(Path path, LogFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            requireAlive();
            faults.write(path);
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
            requireAlive();
            faults.force(path);
            long size = file.size();
            file.force();
            unforced.forced(path, size);
        }

        @Override
        public void truncate(long size) throws IOException {
            requireAlive();
            file.truncate(size);
            unforced.truncated(path, size);
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
