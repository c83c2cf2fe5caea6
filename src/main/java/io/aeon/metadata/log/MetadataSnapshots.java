package io.aeon.metadata.log;

import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.FileRawSnapshotWriter;
import org.apache.kafka.snapshot.NotifyingRawSnapshotWriter;
import org.apache.kafka.snapshot.RawSnapshotReader;
import org.apache.kafka.snapshot.RawSnapshotWriter;
import org.apache.kafka.snapshot.SnapshotPath;
import org.apache.kafka.snapshot.Snapshots;

/** The snapshot files in the directory of the metadata log, in Kafka's format. Thread-safe. */
final class MetadataSnapshots implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("\\d{20}-\\d{10}.*");

    private final Path directory;
    private final LogFiles files;
    private final DurableLog log;
    private final NavigableMap<OffsetAndEpoch, Optional<SnapshotFileReader>> readers = new TreeMap<>();

    private MetadataSnapshots(Path directory, LogFiles files, DurableLog log) {
        this.directory = directory;
        this.files = files;
        this.log = log;
    }

    /**
     * Finds the snapshots; deletes incomplete and obsolete files.
     *
     * @param log the log of the same directory
     * @throws ConfigException the log starts after offset 0 and there is no snapshot
     */
    static MetadataSnapshots open(Path directory, LogFiles files, DurableLog log) {
        long logStartOffset = log.log().logStartOffset();
        MetadataSnapshots snapshots = new MetadataSnapshots(directory, files, log);
        try (Stream<Path> present = Files.list(directory)) {
            for (SnapshotPath file : present.flatMap(MetadataSnapshots::parse).toList()) {
                if (file.partial() || file.deleted() || file.snapshotId().offset() < logStartOffset) {
                    Files.deleteIfExists(file.path());
                } else {
                    snapshots.frozen(file.snapshotId());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (logStartOffset > 0 && snapshots.latest().isEmpty()) {
            throw new ConfigException("The metadata log in " + directory + " begins at offset " + logStartOffset
                    + " and there is no snapshot of the records before it.");
        }
        return snapshots;
    }

    /** Filters by name first, because Kafka's parser accepts every name with the suffix of a snapshot. */
    private static Stream<SnapshotPath> parse(Path file) {
        return NAME.matcher(String.valueOf(file.getFileName())).matches()
                ? Snapshots.parse(file).stream()
                : Stream.empty();
    }

    synchronized Optional<OffsetAndEpoch> latest() {
        return readers.isEmpty() ? Optional.empty() : Optional.of(readers.lastKey());
    }

    synchronized Optional<OffsetAndEpoch> earliest() {
        return readers.isEmpty() ? Optional.empty() : Optional.of(readers.firstKey());
    }

    synchronized Optional<OffsetAndEpoch> beforeLatest() {
        return readers.isEmpty() ? Optional.empty() : Optional.ofNullable(readers.lowerKey(readers.lastKey()));
    }

    synchronized boolean contains(OffsetAndEpoch id) {
        return readers.containsKey(id);
    }

    /** A snapshot of the records that are here; it fails if the disk refuses it, since the log is there still. */
    synchronized Optional<RawSnapshotWriter> create(OffsetAndEpoch id) {
        return readers.containsKey(id)
                ? Optional.empty()
                : Optional.of(
                        new NotifyingRawSnapshotWriter(FileRawSnapshotWriter.create(directory, id), this::frozen));
    }

    /** A snapshot that the leader sends. Not synchronized, because it may wait for the disk. */
    Optional<RawSnapshotWriter> createFetched(OffsetAndEpoch id) {
        return contains(id)
                ? Optional.empty()
                : Optional.of(new NotifyingRawSnapshotWriter(
                        FetchedSnapshotWriter.create(directory, id, files, log), this::frozen));
    }

    synchronized Optional<RawSnapshotReader> read(OffsetAndEpoch id) {
        if (!readers.containsKey(id)) {
            return Optional.empty();
        }
        return readers.merge(
                        id,
                        Optional.empty(),
                        (open, none) -> open.or(() -> Optional.of(SnapshotFileReader.open(directory, id))))
                .map(reader -> reader);
    }

    synchronized void frozen(OffsetAndEpoch id) {
        readers.putIfAbsent(id, Optional.empty());
    }

    synchronized void removeBefore(OffsetAndEpoch id) {
        NavigableMap<OffsetAndEpoch, Optional<SnapshotFileReader>> old = readers.headMap(id, false);
        old.forEach((each, reader) -> {
            reader.ifPresent(SnapshotFileReader::close);
            Snapshots.deleteIfExists(directory, each);
        });
        old.clear();
    }

    @Override
    public synchronized void close() {
        readers.values().forEach(reader -> reader.ifPresent(SnapshotFileReader::close));
        readers.clear();
    }
}
