package io.aeon.storage.recovery;

import io.aeon.storage.compaction.CleanPoint;
import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.AbortedTransactions.TransactionChecksum;
import io.aeon.storage.producer.ProducerCheckpoint;
import io.aeon.storage.segment.DurablePoint;
import io.aeon.storage.segment.IndexFiles;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.MaxTimestamp;
import io.aeon.storage.segment.SegmentEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The state on which the next opening may rely: all records before {@code durable} are on the disk, and {@code indexes}
 * and {@code epochs} are the checksums of its segment's indexes and of the leader epochs. A text file with one
 * {@code name value} per line; the last line is the CRC-32C of the other lines. It contains the partition's name, so that a
 * copy in the directory of another partition is not used.
 *
 * @param producers null in a file of a version without producers
 */
public record RecoveryCheckpoint(
        long logStartOffset,
        DurablePoint durable,
        IndexFiles.Checksums indexes,
        int epochs,
        CleanPoint clean,
        @Nullable ProducerCheckpoint producers) {
    /** The file's name in a log's directory; Kafka ignores it. */
    public static final String FILE = "recovery-checkpoint";

    /** The file's former name, which Kafka takes for a snapshot of the metadata. */
    private static final String FORMER_FILE = "recovery.checkpoint";

    private static final String VERSION = "2";
    private static final String CRC = "crc ";
    private static final String SNAPSHOT = "snapshot";
    private static final String TRANSACTION_INDEX = "txnindex.";
    private static final Pattern FUTURE = Pattern.compile(LogDirectory.FUTURE + "$");

    /** The file's path; the file need not exist. */
    public static Path path(Path directory, LogFiles files) {
        Path former = directory.resolve(FORMER_FILE);
        Path path = directory.resolve(FILE);
        return !files.exists(path) && files.exists(former) ? former : path;
    }

    /** Whether the file exists, readable or not. */
    public static boolean exists(Path directory, LogFiles files) {
        return files.exists(path(directory, files));
    }

    /** Null if the file is missing, damaged, from another log or of another version. */
    public static @Nullable RecoveryCheckpoint read(Path directory, LogFiles files) {
        ByteBuffer bytes = AtomicFile.read(files, path(directory, files));
        if (bytes == null) {
            return null;
        }
        String text = StandardCharsets.UTF_8.decode(bytes).toString();
        int crcAt = text.lastIndexOf(CRC);
        if (crcAt < 0 || !text.substring(crcAt).equals(crcLine(text.substring(0, crcAt)))) {
            return null;
        }
        Map<String, String> values = new HashMap<>();
        text.substring(0, crcAt).lines().forEach(line -> {
            int space = line.indexOf(' ');
            values.put(line.substring(0, space), line.substring(space + 1));
        });
        boolean isOurs =
                VERSION.equals(values.get("version")) && name(directory).equals(values.get("log"));
        return isOurs ? decode(values) : null;
    }

    /** Writes the file; it is durable after an fsync of the directory. */
    public void write(Path directory, LogFiles files) {
        MaxTimestamp max = durable.end().maxOrNone();
        StringBuilder text = new StringBuilder("version " + VERSION
                + "\nlog " + name(directory)
                + "\nlog.start.offset " + logStartOffset
                + "\nsegment " + durable.segmentBase()
                + "\nposition " + durable.end().position()
                + "\noffset " + durable.offset()
                + "\nlast.batch.position " + durable.end().lastBatch()
                + "\nlast.batch.crc " + durable.end().lastCrc()
                + "\nmax.timestamp " + max.timestamp()
                + "\nmax.timestamp.offset " + max.offset()
                + "\nindex.crc " + indexes.offsets()
                + "\ntimeindex.crc " + indexes.times()
                + "\nleader.epochs.crc " + epochs
                + "\ncleaned.to " + clean.cleanedTo()
                + "\ngaps.to " + clean.gapsTo()
                + "\n");
        if (producers != null) {
            encode(producers, text);
        }
        text.append(crcLine(text.toString()));
        AtomicFile.replace(files, directory.resolve(FILE), StandardCharsets.UTF_8.encode(text.toString()));
        removeFormer(directory.resolve(FORMER_FILE), files);
    }

    private static void removeFormer(Path former, LogFiles files) {
        if (files.exists(former)) {
            try {
                files.delete(former);
            } catch (IOException e) {
                throw StorageException.of("cannot delete " + former, e);
            }
        }
    }

    private static RecoveryCheckpoint decode(Map<String, String> values) {
        SegmentEnd end = new SegmentEnd(
                (int) number(values, "position"),
                number(values, "offset"),
                (int) number(values, "last.batch.position"),
                (int) number(values, "last.batch.crc"),
                new MaxTimestamp(number(values, "max.timestamp"), number(values, "max.timestamp.offset")));
        return new RecoveryCheckpoint(
                number(values, "log.start.offset"),
                new DurablePoint(number(values, "segment"), end),
                new IndexFiles.Checksums((int) number(values, "index.crc"), (int) number(values, "timeindex.crc")),
                (int) number(values, "leader.epochs.crc"),
                new CleanPoint(
                        Long.parseLong(values.getOrDefault("cleaned.to", "0")),
                        Long.parseLong(values.getOrDefault("gaps.to", "0"))),
                decodeProducers(values));
    }

    private static void encode(ProducerCheckpoint producers, StringBuilder text) {
        text.append(SNAPSHOT).append(' ').append(producers.snapshotOffset()).append('\n');
        producers
                .indexes()
                .forEach((base, checksum) -> text.append(TRANSACTION_INDEX)
                        .append(base)
                        .append(' ')
                        .append(checksum.count())
                        .append(' ')
                        .append(checksum.crc())
                        .append('\n'));
    }

    private static @Nullable ProducerCheckpoint decodeProducers(Map<String, String> values) {
        if (!values.containsKey(SNAPSHOT)) {
            return null;
        }
        Map<Long, TransactionChecksum> indexes = new HashMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(TRANSACTION_INDEX)) {
                String[] countAndCrc = value.split(" ", -1);
                indexes.put(
                        Long.parseLong(name.substring(TRANSACTION_INDEX.length())),
                        new TransactionChecksum(Integer.parseInt(countAndCrc[0]), Integer.parseInt(countAndCrc[1])));
            }
        });
        return new ProducerCheckpoint(number(values, SNAPSHOT), indexes);
    }

    /** The name of the partition, which a move leaves as it is. */
    private static String name(Path directory) {
        return FUTURE.matcher(String.valueOf(directory.getFileName())).replaceFirst("");
    }

    private static long number(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new StorageException(FILE + " has no " + name);
        }
        return Long.parseLong(value);
    }

    private static String crcLine(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return CRC + Long.toHexString(crc.getValue()) + "\n";
    }
}
