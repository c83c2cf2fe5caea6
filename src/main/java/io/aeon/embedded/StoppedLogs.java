package io.aeon.embedded;

import io.aeon.protocol.RecordText;
import io.aeon.storage.batch.BatchSummary;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.repair.Finding;
import io.aeon.storage.repair.LogRepair;
import io.aeon.storage.repair.StoppedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The partitions' logs in the data directory of a stopped broker. No broker can start on the directory while this
 * object is open. Findings are reported line by line.
 */
public final class StoppedLogs implements AutoCloseable {
    /**
     * The metadata log is never repaired by removing records, because the remaining records would describe other
     * metadata.
     */
    private static final String METADATA = "__cluster_metadata-";

    private static final int CODEC = 0x07;
    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    private final LogFiles files = LogFiles.disk();
    private final OpenParts parts = new OpenParts();
    private final List<Path> logs;
    private final Consumer<String> progress;

    /**
     * @param directory a data directory, or the directory of one partition
     * @param progress receives a line every five seconds while the logs are read
     * @throws StartException a broker runs on the directory, or it holds no logs
     */
    public StoppedLogs(Path directory, Consumer<String> progress) {
        this.progress = progress;
        Path absolute = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) {
            throw new StartException(directory + " is not a directory");
        }
        boolean isOne = StoppedLog.isIn(absolute, files);
        Path dataDirectory = isOne && absolute.getParent() != null ? absolute.getParent() : absolute;
        DataDirectory.claimIfUsed(dataDirectory).ifPresent(claim -> parts.opened("data directory", claim));
        logs = isOne ? List.of(absolute) : logsIn(absolute);
        if (logs.isEmpty()) {
            parts.close();
            throw new StartException(directory + " holds no partition");
        }
    }

    private List<Path> logsIn(Path dataDirectory) {
        try (Stream<Path> entries = Files.list(dataDirectory)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> entry.getFileName().toString().matches(".+-\\d+"))
                    .filter(entry -> StoppedLog.isIn(entry, files))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StartException("cannot list " + dataDirectory + ": " + FileProblem.of(e), e);
        }
    }

    /**
     * Reads and checks all logs.
     *
     * @return false if durable records are damaged or missing
     */
    public boolean verify(Consumer<String> out) {
        int harmed = 0;
        ProgressLines lines = begun();
        for (Path log : logs) {
            List<Finding> findings = StoppedLog.in(log, files).verify(lines::bytesDone);
            lines.partitionDone();
            findings.forEach(finding -> out.accept((finding.harmful() ? "DAMAGED " : "note    ") + finding));
            harmed += findings.stream().anyMatch(Finding::harmful) ? 1 : 0;
        }
        out.accept(logs.size() + " logs read, " + harmed + " damaged; " + lines.summary());
        return harmed == 0;
    }

    private ProgressLines begun() {
        long size =
                logs.stream().mapToLong(log -> StoppedLog.in(log, files).size()).sum();
        return new ProgressLines(progress, System::nanoTime, logs.size(), size);
    }

    /**
     * Describes every batch of all logs.
     *
     * @param records whether to describe the records of each batch too
     * @return false if a log is damaged
     */
    public boolean dump(boolean records, Consumer<String> out) {
        boolean[] whole = {true};
        for (Path log : logs) {
            out.accept(log.toString());
            StoppedLog stopped = StoppedLog.in(log, files);
            stopped.dump(
                    batch -> {
                        out.accept(line(batch));
                        if (records) {
                            RecordText.lines(stopped.read(batch), line -> out.accept("  " + line));
                        }
                    },
                    damage -> {
                        whole[0] = false;
                        out.accept("DAMAGED " + damage);
                    });
        }
        return whole[0];
    }

    /**
     * Repairs damaged logs so that the broker can open them. Removed bytes are kept in files beside the log. The
     * metadata log is skipped.
     */
    public void repair(Consumer<String> out) {
        int repaired = 0;
        ProgressLines lines = begun();
        for (Path log : logs) {
            if (log.getFileName().toString().startsWith(METADATA)) {
                continue;
            }
            List<String> done = LogRepair.repair(log, files, lines::bytesDone);
            lines.partitionDone();
            done.forEach(out);
            repaired += done.isEmpty() ? 0 : 1;
        }
        out.accept(logs.size() + " logs read, " + repaired + " repaired; " + lines.summary());
    }

    private static String line(BatchSummary batch) {
        int codec = batch.attributes() & CODEC;
        String kind = (batch.attributes() & CONTROL) != 0
                ? " control"
                : (batch.attributes() & TRANSACTIONAL) != 0 ? " transactional" : "";
        return String.format(
                Locale.ROOT,
                "%s position %d size %d offsets %d..%d records %d epoch %d producer %d/%d sequence %d time %d..%d"
                        + " codec %s%s crc ok",
                batch.file().getFileName(),
                batch.position(),
                batch.size(),
                batch.baseOffset(),
                batch.lastOffset(),
                batch.count(),
                batch.leaderEpoch(),
                batch.producerId(),
                batch.producerEpoch(),
                batch.baseSequence(),
                batch.baseTimestamp(),
                batch.maxTimestamp(),
                codec < CODECS.size() ? CODECS.get(codec) : Integer.toString(codec),
                kind);
    }

    @Override
    public void close() {
        parts.close();
    }
}
