package io.aeon.storage.log;

import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Kafka's partition.metadata file: the id of the topic to which a partition's directory belongs. */
public final class PartitionMetadataFile {
    static final String FILE = "partition.metadata";
    private static final String VERSION = "version: 0";
    private static final String TOPIC_ID = "topic_id: ";

    private PartitionMetadataFile() {}

    /** The topic id in Kafka's base64 form; empty if the directory has no such file. */
    public static Optional<String> read(Path directory, LogFiles files) {
        Path path = directory.resolve(FILE);
        ByteBuffer bytes = AtomicFile.read(files, path);
        if (bytes == null) {
            return Optional.empty();
        }
        String[] lines = StandardCharsets.UTF_8.decode(bytes).toString().split("\n", -1);
        if (lines.length != 2 || !lines[0].equals(VERSION) || !lines[1].startsWith(TOPIC_ID)) {
            throw new StorageException(path + " is not a partition.metadata file of version 0");
        }
        return Optional.of(lines[1].substring(TOPIC_ID.length()));
    }

    /** Writes the file, durably; creates the directory if it does not exist. */
    public static void write(Path directory, String topicId, LogFiles files) {
        try {
            files.createDirectories(directory);
            // An earlier process may have crashed between the creation of the directory and this fsync.
            files.forceParent(directory);
            AtomicFile.replace(
                    files, directory.resolve(FILE), StandardCharsets.UTF_8.encode(VERSION + "\n" + TOPIC_ID + topicId));
            files.forceDirectory(directory);
        } catch (IOException e) {
            throw StorageException.of("cannot write " + directory.resolve(FILE), e);
        }
    }
}
