package io.aeon.storage.repair;

import static io.aeon.storage.batch.Batches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.storage.file.ForwardingFile;
import io.aeon.storage.file.ForwardingFiles;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.segment.SegmentNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search for whole batches behind damage. */
class SegmentWalkTest {
    private static final int DAMAGED_BYTES = 1 << 20;
    private static final int EVERY = 1024;
    private static final int SIZE = 12;
    private static final int MAGIC = 16;
    private static final int LAST_OFFSET_DELTA = 23;

    @TempDir
    private Path directory;

    private final AtomicLong bytesRead = new AtomicLong();

    @Test
    void whatOnlyLooksLikeABatchBehindDamageIsNotRead() throws IOException {
        ByteBuffer whole = batch(1, 100, 1000).putLong(0, 7);
        ByteBuffer bytes = ByteBuffer.allocate(DAMAGED_BYTES + whole.remaining());
        for (int at = 0; at < DAMAGED_BYTES; at += EVERY) {
            bytes.putLong(at, 3L << 40 | at)
                    .putInt(at + Long.BYTES, bytes.capacity() - at - SIZE)
                    .put(at + MAGIC, (byte) 2)
                    .putInt(at + LAST_OFFSET_DELTA, 1);
        }
        bytes.put(DAMAGED_BYTES, whole, 0, whole.remaining());
        Files.write(SegmentNames.log(directory, 0), bytes.array());
        List<Long> found = new ArrayList<>();

        StoppedLog.in(directory, new CountingFiles()).dump(batch -> found.add(batch.baseOffset()), damage -> {});

        assertThat(found).containsExactly(7L);
        assertThat(bytesRead).hasValueLessThan(4L * DAMAGED_BYTES);
    }

    private final class CountingFiles extends ForwardingFiles {
        CountingFiles() {
            super(LogFiles.disk());
        }

        @Override
        public LogFile openForReading(Path path) throws IOException {
            return new ForwardingFile(super.openForReading(path)) {
                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    int read = super.read(target, position);
                    bytesRead.addAndGet(Math.max(read, 0));
                    return read;
                }
            };
        }
    }
}
