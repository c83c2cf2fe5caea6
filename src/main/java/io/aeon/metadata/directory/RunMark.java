package io.aeon.metadata.directory;

import io.aeon.config.FlushSettings.Mode;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/**
 * A file that exists in the data directory while a broker runs with flush mode {@code interval} or {@code os}, in which
 * a failure of the machine can lose records. It contains the boot id of the machine. A start that finds a different
 * boot id knows that logs may end before offsets that consumers have seen. A kill of the broker loses no records,
 * because the page cache survives it. Thread-safe.
 */
public final class RunMark {
    private static final String FILE = ".running";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final LogFiles files;
    private final Path file;
    private final boolean mayLose;
    private final String boot;
    private final boolean machineFailed;
    private volatile boolean serves;

    private RunMark(LogFiles files, Path file, boolean mayLose, String boot, boolean machineFailed) {
        this.files = files;
        this.file = file;
        this.mayLose = mayLose;
        this.boot = boot;
        this.machineFailed = machineFailed;
    }

    public static RunMark find(MetadataEnvironment environment, Path dataDir, Mode mode) {
        Path file = dataDir.resolve(FILE);
        String boot = boot(environment.uuids());
        boolean machineFailed = DurableFile.read(environment.files(), file)
                .filter(mark -> !mark.strip().equals(boot))
                .isPresent();
        return new RunMark(environment.files(), file, mode != Mode.SYNC, boot, machineFailed);
    }

    /** Leaves the mark that another boot of the machine would have left. */
    public static void machineFails(Path dataDir) throws IOException {
        Path file = dataDir.resolve(FILE);
        if (Files.exists(file)) {
            Files.writeString(file, "another boot\n");
        }
    }

    /** Without a boot id of the kernel, every start counts as a new boot. */
    private static String boot(Supplier<Uuid> uuids) {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return uuids.get().toString();
        }
    }

    /** Whether the machine failed during the previous run and records may be lost. */
    public boolean machineFailed() {
        return machineFailed;
    }

    /**
     * The broker is about to register, after which it may accept records before it knows that it serves. The mark of a
     * machine that failed stays instead until that is handled.
     */
    public void registering() {
        if (mayLose && !machineFailed) {
            write();
        }
    }

    /** The broker accepts records from now on; the handling of a failure of the machine is complete. */
    public void serving() {
        try {
            if (mayLose) {
                write();
            } else {
                files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        serves = true;
    }

    private void write() {
        DurableFile.replace(files, file, boot + "\n");
    }

    /**
     * All logs of the broker are closed. The mark of an earlier run remains if this run has not come to {@link
     * #serving}: the next start has to handle what happened then.
     */
    public void stopped() throws IOException {
        if (serves) {
            files.delete(file);
        }
    }
}
