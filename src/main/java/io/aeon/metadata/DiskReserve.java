package io.aeon.metadata;

import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disk space kept aside, so that on a full disk topics can still be deleted and the broker can still start.
 * Thread-safe.
 */
final class DiskReserve {
    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
    private static final int BYTES = 1 << 20;

    private final LogFiles files;
    private final Path directory;
    private final Path file;
    private boolean refused;

    DiskReserve(LogFiles files, Path directory) {
        this.files = files;
        this.directory = directory;
        this.file = directory.resolve("reserve");
    }

    /** Gives the space up; false if none was kept. */
    synchronized boolean release() {
        try {
            boolean kept = files.exists(file);
            files.delete(file);
            return kept;
        } catch (IOException e) {
            LOG.debug("The disk space kept aside in {} cannot be given up", file, e);
            return false;
        }
    }

    /** Keeps the space aside again if that leaves some for others; zeros, because a sparse file would keep nothing. */
    synchronized void refill() {
        try {
            if (!files.exists(file) && files.usableSpace(directory) >= 2L * BYTES) {
                fill();
            }
            refused = false;
        } catch (IOException e) {
            if (!refused) {
                LOG.warn("No disk space can be kept aside for deleting topics: {}", e.getMessage());
            }
            refused = true;
            release();
        }
    }

    private void fill() throws IOException {
        try (LogFile reserve = files.openForWriting(file)) {
            reserve.write(ByteBuffer.allocate(BYTES), 0);
        }
    }
}
