package io.aeon.storage.log;

import io.aeon.storage.file.StorageException;

/** The log was closed before or while it was asked. Nothing is wrong with it: opened again it will answer. */
public final class LogClosedException extends StorageException {
    private static final long serialVersionUID = 1L;

    LogClosedException(String message) {
        super(message);
    }
}
