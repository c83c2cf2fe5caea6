package io.aeon.storage.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Files that leave every operation to others; a subclass changes some of the operations. Thread-safe. */
public abstract class ForwardingFiles implements LogFiles {
    /** The files that do the work. */
    protected final LogFiles files;

    protected ForwardingFiles(LogFiles files) {
        this.files = files;
    }

    @Override
    public LogFile openForWriting(Path file) throws IOException {
        return files.openForWriting(file);
    }

    @Override
    public LogFile openForReading(Path file) throws IOException {
        return files.openForReading(file);
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
}
