package io.aeon.metadata.directory;

import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that reserves disk space, so that on a full disk topics can still be deleted and the broker can still start.
 * Thread-safe.
 */
public final class DiskReserve {
    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
    private static final int BYTES = 1 << 20;

    private final LogFiles files;
    private final Path directory;
    private final Path file;
    private boolean refused;

    public DiskReserve(LogFiles files, Path directory) {
        this.files = files;
        this.directory = directory;
        this.file = directory.resolve("reserve");
    }

    /** Frees the reserved space; returns false if there was none. */
    public synchronized boolean release() {
        try {
            boolean kept = files.exists(file);
            files.delete(file);
            return kept;
        } catch (IOException e) {
            LOG.debug("The reserved disk space in {} cannot be freed", file, e);
            return false;
        }
    }

    /**
     * Reserves the space again if enough remains free for other files. The file is filled with zeros, because a sparse
     * file would reserve nothing.
     */
    public synchronized void refill() {
        try {
            if (!files.exists(file) && files.usableSpace(directory) >= 2L * BYTES) {
                fill();
            }
            refused = false;
        } catch (IOException e) {
            if (!refused) {
                LOG.warn("No disk space can be reserved for the deletion of topics on a full disk: {}", e.getMessage());
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
