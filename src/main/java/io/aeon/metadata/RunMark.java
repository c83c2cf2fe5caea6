package io.aeon.metadata;

import io.aeon.config.FlushSettings.Mode;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/**
 * A file that lies in the data directory while a broker runs which may lose records with its machine, in flush modes
 * interval and os. It names the boot of the machine: a start that finds another one's knows that logs may be shorter than
 * what consumers have seen. A broker that is killed loses nothing, the page cache outlives it.
 */
final class RunMark {
    private static final String FILE = ".running";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final LogFiles files;
    private final Path file;
    private final boolean mayLose;
    private final String boot;
    private final boolean machineFailed;

    private RunMark(LogFiles files, Path file, boolean mayLose, String boot, boolean machineFailed) {
        this.files = files;
        this.file = file;
        this.mayLose = mayLose;
        this.boot = boot;
        this.machineFailed = machineFailed;
    }

    static RunMark find(MetadataEnvironment environment, Path dataDir, Mode mode) {
        Path file = dataDir.resolve(FILE);
        String boot = boot(environment.uuids());
        boolean machineFailed = DurableFile.read(environment.files(), file)
                .filter(mark -> !mark.strip().equals(boot))
                .isPresent();
        return new RunMark(environment.files(), file, mode != Mode.SYNC, boot, machineFailed);
    }

    /** Where nobody tells, every boot is another one. */
    private static String boot(Supplier<Uuid> uuids) {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return uuids.get().toString();
        }
    }

    /** Whether the machine went down under a broker that may have lost records with it. */
    boolean machineFailed() {
        return machineFailed;
    }

    /** From now on records are taken; what a failure of the machine asked for has been done. */
    void serving() {
        try {
            if (mayLose) {
                DurableFile.replace(files, file, boot + "\n");
            } else {
                files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All logs are closed. */
    void stopped() throws IOException {
        files.delete(file);
    }
}
