package io.aeon.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disk space kept aside, so that on a full disk topics can still be deleted and the broker can still start.
 * Thread-safe.
 */
final class DiskReserve {
    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
    private static final int BYTES = 1 << 20;

    private final Path directory;
    private final Path file;
    private boolean refused;

    DiskReserve(Path directory) {
        this.directory = directory;
        this.file = directory.resolve("reserve");
    }

    /** Gives the space up; false if none was kept. */
    synchronized boolean release() {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("The disk space kept aside in {} cannot be given up", file, e);
            return false;
        }
    }

    /** Keeps the space aside again if that leaves some for others; zeros, because a sparse file would keep nothing. */
    synchronized void refill() {
        try {
            if (!Files.exists(file) && Files.getFileStore(directory).getUsableSpace() >= 2L * BYTES) {
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
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(BYTES);
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
        }
    }
}
