package io.aeon.storage.log;

import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What a broker knew of its closed logs at a clean stop, so that the next start need not open them. It is a text file:
 * a version line, one line per log, and a CRC-32C. A start removes the file before any log can change, so a file that
 * exists is up to date. Each line is compared with the log's last segment nevertheless.
 */
public final class LogSummaries {
    static final String FILE = "log-summaries";

    private static final String HEAD = "version 2\n";
    private static final String CRC = "crc ";
    private static final int FIELDS = 12;

    private LogSummaries() {}

    /**
     * The summary of one log.
     *
     * @param directory name of the log's directory
     * @param owner id of the topic that owns the log
     * @param settings {@link LogConfig#fingerprint} of the settings for which the summary is valid
     */
    public record Entry(String directory, String owner, int settings, LogSummary log) {
        private String line() {
            return directory
                    + ' '
                    + owner
                    + ' '
                    + Integer.toHexString(settings)
                    + ' '
                    + log.logStartOffset()
                    + ' '
                    + log.logEndOffset()
                    + ' '
                    + log.earliestEpoch()
                    + ' '
                    + log.latestEpoch()
                    + ' '
                    + log.sizeInBytes()
                    + ' '
                    + log.activeSegment()
                    + ' '
                    + log.activeBytes()
                    + ' '
                    + log.maintenanceDueMs()
                    + ' '
                    + log.highWatermark()
                    + '\n';
        }

        private static Entry parse(String line) {
            String[] fields = line.split(" ", FIELDS);
            return new Entry(
                    fields[0],
                    fields[1],
                    Integer.parseUnsignedInt(fields[2], 16),
                    new LogSummary(
                            Long.parseLong(fields[3]),
                            Long.parseLong(fields[4]),
                            Integer.parseInt(fields[5]),
                            Integer.parseInt(fields[6]),
                            Long.parseLong(fields[7]),
                            Long.parseLong(fields[8]),
                            Integer.parseInt(fields[9]),
                            Long.parseLong(fields[10]),
                            Long.parseLong(fields[11])));
        }
    }

    /** Writes the file, durably. All these logs must be closed and durable as a whole. */
    public static void write(Path parent, Collection<Entry> logs, LogFiles files) {
        StringBuilder text = new StringBuilder(HEAD);
        logs.forEach(log -> text.append(log.line()));
        String body = text.toString();
        AtomicFile.replace(files, parent.resolve(FILE), StandardCharsets.UTF_8.encode(body + crcLine(body)));
        forceDirectory(parent, files);
    }

    /**
     * Reads the file and removes it, durably. Omits every log that differs from its summary; empty if there is no file.
     */
    public static List<Entry> take(Path parent, LogFiles files) {
        Path file = parent.resolve(FILE);
        ByteBuffer bytes = AtomicFile.read(files, file);
        if (bytes == null) {
            return List.of();
        }
        try {
            files.delete(file);
        } catch (IOException e) {
            throw StorageException.of("cannot remove " + file, e);
        }
        forceDirectory(parent, files);
        List<Entry> right = new ArrayList<>();
        for (Entry entry : parse(StandardCharsets.UTF_8.decode(bytes).toString())) {
            if (entry.log().matches(parent.resolve(entry.directory()), files)) {
                right.add(entry);
            }
        }
        return right;
    }

    private static List<Entry> parse(String text) {
        int crcAt = text.lastIndexOf(CRC);
        boolean whole = text.startsWith(HEAD)
                && crcAt >= HEAD.length()
                && text.substring(crcAt).equals(crcLine(text.substring(0, crcAt)));
        return whole
                ? text.substring(HEAD.length(), crcAt).lines().map(Entry::parse).toList()
                : List.of();
    }

    private static void forceDirectory(Path parent, LogFiles files) {
        try {
            files.forceDirectory(parent);
        } catch (IOException e) {
            throw StorageException.of("cannot fsync " + parent, e);
        }
    }

    private static String crcLine(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return CRC + Long.toHexString(crc.getValue()) + "\n";
    }
}
