package io.aeon.metadata.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.record.internal.UnalignedMemoryRecords;
import org.apache.kafka.common.record.internal.UnalignedRecords;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.FileRawSnapshotReader;
import org.apache.kafka.snapshot.RawSnapshotReader;

/**
 * Reads a snapshot file. Its slices are copies, so that a response that contains one stays whole when the file is
 * deleted.
 */
final class SnapshotFileReader implements RawSnapshotReader {
    private final FileRawSnapshotReader file;

    private SnapshotFileReader(FileRawSnapshotReader file) {
        this.file = file;
    }

    static SnapshotFileReader open(Path directory, OffsetAndEpoch id) {
        return new SnapshotFileReader(FileRawSnapshotReader.open(directory, id));
    }

    @Override
    public OffsetAndEpoch snapshotId() {
        return file.snapshotId();
    }

    @Override
    public long sizeInBytes() {
        return file.sizeInBytes();
    }

    @Override
    public UnalignedRecords slice(long position, int size) {
        int length = (int) Math.min(size, file.sizeInBytes() - position);
        ByteBuffer copy = ByteBuffer.allocate(length);
        try {
            ((FileRecords) file.records()).readInto(copy, (int) position);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new UnalignedMemoryRecords(copy);
    }

    @Override
    public Records records() {
        return file.records();
    }

    void close() {
        file.close();
    }
}
