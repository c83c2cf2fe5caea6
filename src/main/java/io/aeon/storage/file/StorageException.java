package io.aeon.storage.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The files of one log could not be read or written, or their contents are invalid. Only this log becomes unusable. */
public class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message) {
        super(message);
    }

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A message with the reason of {@code cause}. A path that {@code what} names is not repeated. */
    public static StorageException of(String what, IOException cause) {
        return new StorageException(what + ": " + reason(what, cause), cause);
    }

    private static String reason(String what, IOException cause) {
        if (!(cause instanceof FileSystemException at)) {
            return String.valueOf(cause.getMessage());
        }
        String reason = at.getReason() != null ? at.getReason() : inWords(at);
        String file = at.getFile();
        return file == null || (what + " ").contains(file + " ") ? reason : file + ": " + reason;
    }

    private static String inWords(FileSystemException cause) {
        if (cause instanceof NoSuchFileException) {
            return "no such file";
        }
        if (cause instanceof AccessDeniedException) {
            return "access denied";
        }
        return cause instanceof DirectoryNotEmptyException
                ? "the directory is not empty"
                : cause.getClass().getSimpleName();
    }
}
