package io.aeon.storage.file;

/** The files of one log could not be read or written, or their contents are invalid. Only this log becomes unusable. */
public class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message) {
        super(message);
    }

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
