package io.aeon.broker.coordinator;

import io.aeon.coordinator.LatestRecords;
import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot of one partition of a coordinator topic: a {@link SnapshotHeader} and batches in Kafka's format, in a
 * file of the partition's directory. Kafka ignores a file of this name. All methods may block on the disk.
 */
final class SnapshotFile {
    static final String NAME = "coordinator-snapshot";

    private static final int BLOCK_BYTES = 256 << 10;
    private static final int BATCH_PREFIX = 12;
    private static final int BATCH_LENGTH = 8;

    private final Supplier<Path> directory;
    private final LogFiles files;

    /** @param directory the partition's directory; it need not exist */
    SnapshotFile(Supplier<Path> directory, LogFiles files) {
        this.directory = directory;
        this.files = files;
    }

    /** The file is no complete snapshot. */
    static final class DamagedException extends StorageException {
        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }
    }

    Path path() {
        return directory.get().resolve(NAME);
    }

    /**
     * Replaces the snapshot. A crash leaves either the old or the new one.
     *
     * @param logStartOffset as in {@link SnapshotHeader}, which is returned
     */
    SnapshotHeader write(
            Uuid topicId, long logStartOffset, long endOffset, int leaderEpoch, long takenMs, LatestRecords records) {
        Path snapshot = path();
        Path temporary = snapshot.resolveSibling(NAME + AtomicFile.TEMPORARY);
        try {
            files.delete(temporary);
            SnapshotHeader header;
            try (LogFile file = files.openForWriting(temporary)) {
                Body body = new Body(file);
                records.forEachBatch(body);
                header = new SnapshotHeader(
                        topicId, logStartOffset, endOffset, leaderEpoch, takenMs, records.size(), body.bytes, (int)
                                body.checksum.getValue());
                file.write(header.encode(), 0);
                file.force();
            }
            files.rename(temporary, snapshot);
            files.forceParent(snapshot);
            return header;
        } catch (IOException e) {
            throw given(temporary, e);
        } catch (UncheckedIOException e) {
            throw given(temporary, Objects.requireNonNull(e.getCause()));
        }
    }

    /** A file that cannot be finished must not keep its space on a full disk. */
    private StorageException given(Path temporary, IOException cause) {
        try {
            files.delete(temporary);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return StorageException.of("cannot write " + path(), cause);
    }

    /** Writes batches behind the header. */
    private static final class Body implements Consumer<ByteBuffer> {
        private final LogFile file;
        private final CRC32C checksum = new CRC32C();
        private long bytes;

        Body(LogFile file) {
            this.file = file;
        }

        @Override
        public void accept(ByteBuffer batch) {
            int size = batch.remaining();
            checksum.update(batch.duplicate());
            try {
                file.write(batch, SnapshotHeader.SIZE + bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            bytes += size;
        }
    }

    void delete() {
        try {
            files.delete(path());
        } catch (IOException e) {
            throw StorageException.of("cannot delete " + path(), e);
        }
    }

    /**
     * Opens the snapshot; returns null if there is none.
     *
     * @throws DamagedException a checksum is wrong
     */
    @Nullable
    Opened open() {
        if (!files.exists(path())) {
            return null;
        }
        LogFile file;
        try {
            file = files.openForReading(path());
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw unreadable(e);
        }
        try {
            return new Opened(file, verified(file));
        } catch (IOException e) {
            close(file);
            throw unreadable(e);
        } catch (RuntimeException e) {
            close(file);
            throw e;
        }
    }

    private static SnapshotHeader verified(LogFile file) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(SnapshotHeader.SIZE);
        file.read(start, 0);
        SnapshotHeader header = SnapshotHeader.decode(start.flip());
        if (header == null) {
            throw new DamagedException("its header is damaged or of another version");
        }
        if (file.size() != SnapshotHeader.SIZE + header.bytes()) {
            throw new DamagedException(file.size() + " bytes instead of " + (SnapshotHeader.SIZE + header.bytes()));
        }
        CRC32C checksum = new CRC32C();
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        for (long at = SnapshotHeader.SIZE; file.read(block.clear(), at) > 0; at += block.limit()) {
            checksum.update(block.flip().duplicate());
        }
        if ((int) checksum.getValue() != header.checksum()) {
            throw new DamagedException("its checksum is wrong");
        }
        return header;
    }

    private StorageException unreadable(IOException cause) {
        return StorageException.of("cannot read " + path(), cause);
    }

    private static void close(LogFile file) {
        try {
            file.close();
        } catch (IOException e) {
            throw StorageException.of("cannot close a snapshot", e);
        }
    }

    /** An undamaged snapshot that stays readable when it is replaced or deleted. */
    final class Opened implements AutoCloseable {
        private final LogFile file;
        private final SnapshotHeader header;

        private Opened(LogFile file, SnapshotHeader header) {
            this.file = file;
            this.header = header;
        }

        SnapshotHeader header() {
            return header;
        }

        /** Passes all batches to {@code reader}, one at a time. */
        void forEachBatch(Consumer<ByteBuffer> reader) {
            try {
                long end = SnapshotHeader.SIZE + header.bytes();
                for (long at = SnapshotHeader.SIZE; at < end; ) {
                    int size = BATCH_PREFIX + read(at, BATCH_PREFIX).getInt(BATCH_LENGTH);
                    reader.accept(read(at, size));
                    at += size;
                }
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        private ByteBuffer read(long at, int size) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(size);
            file.read(bytes, at);
            return bytes.flip();
        }

        @Override
        public void close() {
            SnapshotFile.close(file);
        }
    }
}
