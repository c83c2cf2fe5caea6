package io.aeon.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Path;

/**
 * Moves that also work where the file system refuses a rename with EXDEV: a directory in a lower layer of an overlay
 * file system, or one that is a file system of its own.
 */
public final class CrossDeviceMove {
    private static final int COPY_BYTES = 256 << 10;

    private CrossDeviceMove() {}

    /**
     * Moves a directory with its files, durably. Where it cannot be renamed, its files are moved one by one and the
     * empty directory stays. It must not contain directories then.
     *
     * @param last name of the file that is moved after all others: while {@code from} contains it, the move is not
     *     complete and can be repeated, to another name
     */
    public static void ofDirectory(Path from, Path to, String last, LogFiles files) throws IOException {
        try {
            files.rename(from, to);
            files.forceParent(from);
        } catch (AtomicMoveNotSupportedException e) {
            fileByFile(from, to, last, files);
        }
    }

    private static void fileByFile(Path from, Path to, String last, LogFiles files) throws IOException {
        files.createDirectories(to);
        files.forceParent(to);
        for (String name : files.list(from)) {
            if (!name.equals(last)) {
                ofFile(from.resolve(name), to.resolve(name), files);
            }
        }
        files.forceDirectory(to);
        files.forceDirectory(from);
        if (files.exists(from.resolve(last))) {
            ofFile(from.resolve(last), to.resolve(last), files);
            files.forceDirectory(to);
            files.forceDirectory(from);
        }
    }

    /** Moves a file. The new name is durable after an fsync of its directory. */
    public static void ofFile(Path from, Path to, LogFiles files) throws IOException {
        try {
            files.rename(from, to);
        } catch (AtomicMoveNotSupportedException e) {
            copy(from, to, files);
            files.forceParent(to);
            files.delete(from);
        }
    }

    /** Copies a file, durably. The new name is durable after an fsync of its directory. */
    public static void copy(Path from, Path to, LogFiles files) throws IOException {
        Path unfinished = to.resolveSibling(to.getFileName() + AtomicFile.TEMPORARY);
        ByteBuffer block = ByteBuffer.allocate(COPY_BYTES);
        files.delete(unfinished);
        try (LogFile source = files.openForReading(from);
                LogFile target = files.openForWriting(unfinished)) {
            long size = source.size();
            for (long at = 0; at < size; at += block.limit()) {
                source.read(block.clear().limit((int) Math.min(COPY_BYTES, size - at)), at);
                target.write(block.flip(), at);
            }
            target.force();
        }
        files.rename(unfinished, to);
    }
}
