package io.aeon.test;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * Reads parts of a file. The file is not read through a channel, because the interrupt of one reading thread closes a
 * channel for all threads. The descriptor is closed when this object is garbage. Thread-safe.
 */
final class FileParts {
    private final RandomAccessFile file;

    private FileParts(RandomAccessFile file) {
        this.file = file;
    }

    static FileParts open(Path path) throws IOException {
        return new FileParts(new RandomAccessFile(path.toFile(), "r"));
    }

    long length() throws IOException {
        return file.length();
    }

    byte[] read(long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        synchronized (file) {
            file.seek(offset);
            file.readFully(bytes);
        }
        return bytes;
    }
}
