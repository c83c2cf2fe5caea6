package io.aeon.metadata.directory;

import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Reads and replaces small text files. After a power failure a file has either its old or its new content. */
public final class DurableFile {
    private DurableFile() {}

    /** The file's text; empty if the file does not exist. */
    public static Optional<String> read(LogFiles files, Path file) {
        return Optional.ofNullable(AtomicFile.read(files, file))
                .map(bytes -> StandardCharsets.UTF_8.decode(bytes).toString());
    }

    /**
     * Replaces the content of {@code file} by {@code text}; durable on return.
     *
     * @throws StorageException the disk refused the write; the file has its old or its new content
     */
    public static void replace(LogFiles files, Path file, String text) {
        AtomicFile.replace(files, file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        try {
            files.forceParent(file);
        } catch (IOException e) {
            throw StorageException.of("cannot write " + file, e);
        }
    }
}
