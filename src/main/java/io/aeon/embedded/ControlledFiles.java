package io.aeon.embedded;

import io.aeon.storage.file.ForwardingFile;
import io.aeon.storage.file.ForwardingFiles;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The files of one run of a broker in a test, with the faults of the disk; none can be changed after the run is killed.
 */
final class ControlledFiles extends ForwardingFiles {
    private final DiskFaults faults;
    private final UnforcedBytes unforced;
    private volatile boolean killed;

    ControlledFiles(LogFiles disk, DiskFaults faults, UnforcedBytes unforced) {
        super(disk);
        this.faults = faults;
        this.unforced = unforced;
    }

    /** The process that uses the files is dead from now on. */
    void kill() {
        killed = true;
        faults.runEnded();
    }

    private void write(Path file) throws IOException {
        requireAlive();
        faults.write(file, this::isKilled);
        requireAlive();
    }

    private void force(Path file) throws IOException {
        requireAlive();
        faults.force(file, this::isKilled);
        requireAlive();
    }

    private boolean isKilled() {
        return killed;
    }

    private void requireAlive() throws IOException {
        if (killed) {
            throw new IOException("the broker was killed");
        }
    }

    @Override
    public LogFile openForWriting(Path file) throws IOException {
        requireAlive();
        if (files.exists(file)) {
            unforced.opened(file, files.size(file));
        } else {
            write(file);
            unforced.created(file);
        }
        return new ControlledFile(file, files.openForWriting(file));
    }

    @Override
    public LogFile openForReading(Path file) throws IOException {
        return new ControlledFile(file, files.openForReading(file));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        write(directory);
        files.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        requireAlive();
        files.rename(from, to);
        unforced.renamed(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        requireAlive();
        files.delete(file);
        unforced.deleted(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        force(directory);
        files.forceDirectory(directory);
    }

    @Override
    public long usableSpace(Path directory) {
        return faults.isFull() ? 0 : files.usableSpace(directory);
    }

    private final class ControlledFile extends ForwardingFile {
        private final Path path;

        private ControlledFile(Path path, LogFile file) {
            super(file);
            this.path = path;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            ControlledFiles.this.write(path);
            file.write(source, position);
        }

        @Override
        public void force() throws IOException {
            ControlledFiles.this.force(path);
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
    }
}
