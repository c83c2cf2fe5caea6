package io.aeon.e2e;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.jspecify.annotations.Nullable;

/** The log of a partition of a stopped broker, to which a test appends what no broker of this build writes. */
public final class TamperedLog {
    private final Path segment;

    public TamperedLog(Path partition) throws IOException {
        try (Stream<Path> files = Files.list(partition)) {
            this.segment = files.filter(file -> file.toString().endsWith(".log"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    /** Appends a record of the metadata log, in the highest version of its kind. */
    public void append(ApiMessage record) throws IOException {
        ApiMessageAndVersion versioned = new ApiMessageAndVersion(record, record.highestSupportedVersion());
        MetadataRecordSerde serde = new MetadataRecordSerde();
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer value = ByteBuffer.allocate(serde.recordSize(versioned, cache));
        serde.write(versioned, cache, new ByteBufferAccessor(value));
        append(new SimpleRecord(0, (byte[]) null, value.array()));
    }

    /** Appends one record as a batch of its own. */
    public void append(SimpleRecord record) throws IOException {
        RecordBatch last = last();
        long offset = last == null ? 0 : last.nextOffset();
        int epoch = last == null ? 0 : last.partitionLeaderEpoch();
        ByteBuffer batch = MemoryRecords.withRecords(offset, Compression.NONE, epoch, record)
                .buffer();
        byte[] bytes = new byte[batch.remaining()];
        batch.get(bytes);
        Files.write(segment, bytes, StandardOpenOption.APPEND);
    }

    private @Nullable RecordBatch last() throws IOException {
        RecordBatch last = null;
        for (RecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(Files.readAllBytes(segment)))
                .batches()) {
            last = Objects.requireNonNull(batch);
        }
        return last;
    }
}
