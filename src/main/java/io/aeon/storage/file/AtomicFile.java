package io.aeon.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Small files that are read and replaced as a whole. */
public final class AtomicFile {
    /** Suffix of a file that is not finished yet; an opening of the log may delete it. */
    public static final String TEMPORARY = ".tmp";

    private AtomicFile() {}

    /** The file's bytes, null if there is no such file. */
    public static @Nullable ByteBuffer read(LogFiles files, Path path) {
        if (!files.exists(path)) {
            return null;
        }
        try (LogFile file = files.openForReading(path)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
            file.read(bytes, 0);
            return bytes.flip();
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw StorageException.of("cannot read " + path, e);
        }
    }

    /** Replaces the file by a durable one; the new name is durable only after an fsync of the directory. */
    public static void replace(LogFiles files, Path path, ByteBuffer bytes) {
        replace(files, path, bytes, true);
    }

    /** Replaces a file without an fsync: for a cache that is rebuilt if a power cut damages it. */
    public static void replaceCache(LogFiles files, Path path, ByteBuffer bytes) {
        replace(files, path, bytes, false);
    }

    private static void replace(LogFiles files, Path path, ByteBuffer bytes, boolean durable) {
        Path temporary = path.resolveSibling(path.getFileName() + TEMPORARY);
        try {
            files.delete(temporary);
            try (LogFile file = files.openForWriting(temporary)) {
                file.write(bytes, 0);
                if (durable) {
                    file.force();
                }
            }
            files.rename(temporary, path);
        } catch (IOException e) {
            throw StorageException.of("cannot write " + path, e);
        }
    }
}
