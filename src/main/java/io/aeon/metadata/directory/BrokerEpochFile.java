package io.aeon.metadata.directory;

import io.aeon.storage.file.LogFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The broker epoch of the latest registration for which this data directory was used. At its next start the broker
 * proves with it that the directory still has all records of that time (KIP-966). Kafka keeps the epoch only through a
 * clean stop; here it stays also through a kill, because a kill loses no records.
 */
public final class BrokerEpochFile {
    private static final String FILE = ".broker-epoch";
    private static final long NONE = -1;

    private final LogFiles files;
    private final Path file;

    public BrokerEpochFile(LogFiles files, Path dataDir) {
        this.files = files;
        this.file = dataDir.resolve(FILE);
    }

    /** The stored epoch; -1 if there is none. */
    public long read() {
        Optional<String> text = DurableFile.read(files, file);
        try {
            return text.map(epoch -> Long.parseLong(epoch.strip())).orElse(NONE);
        } catch (NumberFormatException e) {
            return NONE;
        }
    }

    public void write(long epoch) {
        DurableFile.replace(files, file, epoch + "\n");
    }
}
