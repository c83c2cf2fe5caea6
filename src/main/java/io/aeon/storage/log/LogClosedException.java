package io.aeon.storage.log;

import io.aeon.storage.file.StorageException;

/** The log was closed before or during the call. The log is not damaged: it can be opened again. */
public final class LogClosedException extends StorageException {
    private static final long serialVersionUID = 1L;

    LogClosedException(String message) {
        super(message);
    }
}
