package io.aeon.metadata;

import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Small text files that are either the old or the new ones after a power cut. */
final class DurableFile {
    private DurableFile() {}

    /** The file's text, empty if there is no such file. */
    static Optional<String> read(LogFiles files, Path file) {
        return Optional.ofNullable(AtomicFile.read(files, file))
                .map(bytes -> StandardCharsets.UTF_8.decode(bytes).toString());
    }

    /**
     * Puts {@code text} in place of what {@code file} held; durable on return.
     *
     * @throws StorageException the disk does not take it; the file is the old or the new one
     */
    static void replace(LogFiles files, Path file, String text) {
        AtomicFile.replace(files, file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        try {
            files.forceParent(file);
        } catch (IOException e) {
            throw new StorageException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
