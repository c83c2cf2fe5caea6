package io.aeon.embedded;

import io.aeon.metadata.IdentityFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes an Aeon data directory of what a stopped Apache Kafka left. The formats are the same, the metadata log's too, so
 * topics keep their ids and settings, groups their offsets and clients their credentials.
 *
 * <p>All is copied. A link would be cheaper, but both brokers append to the last segment, and recovery cuts segments
 * where they are: with links, Kafka's directory could not be gone back to.
 */
public final class KafkaImport {
    private final KafkaDirectory kafka;
    private final Path target;
    private final LogFiles files = LogFiles.disk();
    private final LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(0), files);
    private final List<String> damaged = new ArrayList<>();

    private KafkaImport(KafkaDirectory kafka, Path target) {
        this.kafka = kafka;
        this.target = target;
    }

    /**
     * What has been imported.
     *
     * @param partitions how many
     * @param damaged what is damaged in some of them: they serve the records before it
     */
    public record Imported(int partitions, List<String> damaged) {}

    /**
     * Copies {@code source}, which stays as it is, to {@code target}, which must be empty or not there. A node that was
     * not stopped in order has every batch checked. One that is cut short can be repeated in an empty directory; no broker
     * starts on what it left.
     *
     * @throws StartException it cannot be done, and why
     */
    public static Imported run(Path source, Path target) {
        KafkaDirectory kafka = KafkaDirectory.of(source);
        try (OpenParts claims = new OpenParts()) {
            claims.opened("target directory", DataDirectory.claim(target));
            DataDirectory.claimIfUsed(source).ifPresent(claim -> claims.opened("source directory", claim));
            return new KafkaImport(kafka, target).run();
        } catch (UncheckedIOException e) {
            throw new StartException(source + " cannot be imported: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StartException(source + " cannot be imported: " + FileProblem.of(e), e);
        }
    }

    private Imported run() throws IOException {
        if (!DataDirectory.isEmpty(target)) {
            throw new StartException(target + " is not empty; import into a new directory");
        }
        if (kafka.wasStoppedInOrder()) {
            copy(kafka.path().resolve(KafkaDirectory.CLEAN_STOP), target.resolve(KafkaDirectory.CLEAN_STOP));
        }
        List<Path> partitions = kafka.partitions();
        Map<String, Long> starts = kafka.logStarts();
        for (Path partition : partitions) {
            String name = partition.getFileName().toString();
            Path copied = Files.createDirectory(target.resolve(name));
            for (Path file : KafkaDirectory.files(partition)) {
                copy(file, copied.resolve(file.getFileName()));
            }
            files.forceDirectory(copied);
            takeIn(copied, starts.getOrDefault(name, 0L));
        }
        Files.deleteIfExists(target.resolve(KafkaDirectory.CLEAN_STOP));
        files.forceDirectory(target);
        Path identity = kafka.path().resolve(IdentityFiles.KAFKAS);
        copy(identity, target.resolve(IdentityFiles.OWN));
        copy(identity, target.resolve(IdentityFiles.KAFKAS));
        files.forceDirectory(target);
        return new Imported(partitions.size(), damaged);
    }

    /** Opens the log as the broker would, once: from now on its own checkpoint says what is durable. */
    private void takeIn(Path partition, long logStart) {
        try (PartitionLog log = PartitionLog.open(partition, LogConfig.DEFAULT, environment)) {
            if (log.recovery().damage().isPresent()) {
                damaged.add(
                        partition.getFileName() + ": " + log.recovery().damage().get());
            } else if (logStart > log.logStartOffset()) {
                log.advanceLogStart(Math.min(logStart, log.logEndOffset()));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to);
        try (FileChannel copied = FileChannel.open(to, StandardOpenOption.WRITE)) {
            copied.force(true);
        }
    }
}
