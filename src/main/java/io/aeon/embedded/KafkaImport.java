package io.aeon.embedded;

import io.aeon.metadata.directory.IdentityFiles;
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
import java.util.function.Consumer;

/**
 * Creates an Aeon data directory from the data directory of a stopped Apache Kafka node. The file formats are
 * identical, also that of the metadata log. Topics keep their ids and settings, groups keep their offsets, and clients
 * keep their credentials.
 *
 * <p>All files are copied. Hard links would be cheaper, but both brokers append to the last segment, and recovery
 * truncates segments in place. With links the user could not go back to Kafka's directory.
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
     * The result of an import.
     *
     * @param partitions number of imported partitions
     * @param damaged one line for each damaged partition; it serves the records before the damage
     * @param summary how much was copied in what time, for people
     */
    public record Imported(int partitions, List<String> damaged, String summary) {}

    /**
     * Copies {@code source}, which is not changed, to {@code target}, which must be empty or not exist. If Kafka did
     * not stop cleanly, every batch is checked.
     *
     * <p>Before it writes anything it tells what of the node will have no effect in Aeon. After an interrupted import
     * no broker starts on the incomplete {@code target}; the import can be repeated into another empty directory.
     *
     * @param withoutEffect receives these lines, also if there are none
     * @param progress receives a line every five seconds while the files are copied
     * @throws StartException the import is not possible; the message states why
     */
    public static Imported run(
            Path source, Path target, Consumer<List<String>> withoutEffect, Consumer<String> progress) {
        KafkaDirectory kafka = KafkaDirectory.of(source);
        try (OpenParts claims = new OpenParts()) {
            claims.opened("target directory", DataDirectory.claim(target));
            DataDirectory.claimIfUsed(source).ifPresent(claim -> claims.opened("source directory", claim));
            return new KafkaImport(kafka, target).run(withoutEffect, progress);
        } catch (UncheckedIOException e) {
            throw new StartException(source + " cannot be imported: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StartException(source + " cannot be imported: " + FileProblem.of(e), e);
        }
    }

    private Imported run(Consumer<List<String>> withoutEffect, Consumer<String> progress) throws IOException {
        if (!DataDirectory.isEmpty(target)) {
            throw new StartException(target + " is not empty; import into a new directory");
        }
        withoutEffect.accept(kafka.withoutEffect());
        if (kafka.wasStoppedCleanly()) {
            copy(kafka.path().resolve(KafkaDirectory.CLEAN_STOP), target.resolve(KafkaDirectory.CLEAN_STOP));
        }
        List<Path> partitions = kafka.partitions();
        ProgressLines lines = new ProgressLines(progress, System::nanoTime, partitions.size(), size(partitions));
        Map<String, Long> starts = kafka.logStarts();
        for (Path partition : partitions) {
            takeIn(
                    copied(partition, lines),
                    starts.getOrDefault(partition.getFileName().toString(), 0L));
            lines.partitionDone();
        }
        Files.deleteIfExists(target.resolve(KafkaDirectory.CLEAN_STOP));
        files.forceDirectory(target);
        Path identity = kafka.path().resolve(IdentityFiles.KAFKAS);
        copy(identity, target.resolve(IdentityFiles.OWN));
        copy(identity, target.resolve(IdentityFiles.KAFKAS));
        files.forceDirectory(target);
        return new Imported(partitions.size(), damaged, lines.summary());
    }

    private static long size(List<Path> partitions) throws IOException {
        long size = 0;
        for (Path partition : partitions) {
            for (Path file : KafkaDirectory.files(partition)) {
                size += Files.size(file);
            }
        }
        return size;
    }

    private Path copied(Path partition, ProgressLines lines) throws IOException {
        Path copied = Files.createDirectory(target.resolve(partition.getFileName()));
        for (Path file : KafkaDirectory.files(partition)) {
            copy(file, copied.resolve(file.getFileName()));
            lines.bytesDone(Files.size(file));
        }
        files.forceDirectory(copied);
        return copied;
    }

    /** Opens the log once as the broker does, which writes the checkpoint that states how far the log is durable. */
    private void takeIn(Path partition, long logStart) {
        try (PartitionLog log = PartitionLog.open(partition, LogConfig.DEFAULT, environment)) {
            if (log.recovery().damage().isPresent()) {
                damaged.add(
                        partition.getFileName() + ": " + log.recovery().damage().get());
            } else if (logStart > log.logStartOffset()) {
                log.start().advanceTo(Math.min(logStart, log.logEndOffset()));
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
