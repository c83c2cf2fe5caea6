package io.aeon.metadata.log;

import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.UnalignedMemoryRecords;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RawSnapshotWriter;
import org.apache.kafka.snapshot.Snapshots;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the file of a snapshot that comes from the quorum's leader. If the disk refuses bytes, they are written again
 * until it accepts them, because Kafka's raft client cannot continue after a failed write. A failed sync is not
 * repeated: what the disk has lost could not be written again. Used by one thread at a time.
 */
final class FetchedSnapshotWriter implements RawSnapshotWriter {
    private static final Logger logger = LoggerFactory.getLogger(FetchedSnapshotWriter.class);

    /** Kafka's suffix of an incomplete snapshot, which the next start deletes. */
    private static final String PARTIAL = ".part";

    private final OffsetAndEpoch id;
    private final Path target;
    private final Path temporary;
    private final LogFiles files;
    private final DurableLog log;
    private @Nullable LogFile file;
    private long size;
    private boolean frozen;

    private FetchedSnapshotWriter(Path directory, OffsetAndEpoch id, LogFiles files, DurableLog log) {
        this.id = id;
        this.target = Snapshots.snapshotPath(directory, id);
        this.temporary = target.resolveSibling(target.getFileName() + PARTIAL);
        this.files = files;
        this.log = log;
    }

    /** @param log the log of the same directory, which knows how to wait for the disk */
    static FetchedSnapshotWriter create(Path directory, OffsetAndEpoch id, LogFiles files, DurableLog log) {
        FetchedSnapshotWriter writer = new FetchedSnapshotWriter(directory, id, files, log);
        log.write(writer.temporary, writer::open);
        return writer;
    }

    private void open() throws IOException {
        files.delete(temporary);
        file = files.openForWriting(temporary);
    }

    private LogFile file() {
        return Objects.requireNonNull(file);
    }

    @Override
    public OffsetAndEpoch snapshotId() {
        return id;
    }

    @Override
    public long sizeInBytes() {
        return size;
    }

    @Override
    public void append(UnalignedMemoryRecords records) {
        append(records.buffer());
    }

    @Override
    public void append(MemoryRecords records) {
        append(records.buffer());
    }

    /** A repetition begins at the same position, so it writes over what a refused write has left. */
    private void append(ByteBuffer bytes) {
        if (frozen) {
            throw new IllegalStateException("the snapshot " + target + " is complete");
        }
        log.write(temporary, () -> file().write(bytes.duplicate(), size));
        size += bytes.remaining();
    }

    @Override
    public boolean isFrozen() {
        return frozen;
    }

    @Override
    public void freeze() {
        if (frozen) {
            return;
        }
        try {
            file().force();
            files.rename(temporary, target);
            files.forceParent(target);
        } catch (IOException e) {
            throw StorageException.of("cannot complete " + target, e);
        }
        frozen = true;
    }

    /** Deletes an incomplete file. */
    @Override
    public void close() {
        try {
            file().close();
            files.delete(temporary);
        } catch (IOException e) {
            logger.warn("The next start deletes {}: {}", temporary, e.getMessage());
        }
    }
}
