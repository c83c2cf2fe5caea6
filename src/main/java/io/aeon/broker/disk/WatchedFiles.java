package io.aeon.broker.disk;

import io.aeon.storage.file.ForwardingFile;
import io.aeon.storage.file.ForwardingFiles;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** Files whose reads and writes are observed by a {@link DiskStall}. */
final class WatchedFiles extends ForwardingFiles {
    private final DiskStall stall;

    WatchedFiles(LogFiles files, DiskStall stall) {
        super(files);
        this.stall = stall;
    }

    @Override
    public LogFile openForWriting(Path file) throws IOException {
        return new WatchedFile(files.openForWriting(file), stall);
    }

    @Override
    public LogFile openForReading(Path file) throws IOException {
        return new WatchedFile(files.openForReading(file), stall);
    }

    private static final class WatchedFile extends ForwardingFile {
        private final DiskStall stall;

        private WatchedFile(LogFile file, DiskStall stall) {
            super(file);
            this.stall = stall;
        }

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
    }
}
